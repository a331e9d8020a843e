package gateway.wiring;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import gateway.digest.Sha256;
import gateway.http.Envelope;
import gateway.process.ExplainedFault;
import gateway.store.Store;

/**
 * The database's copy of a security log's checkpoints. Whoever cuts the log, its checkpoints and its state back to an
 * earlier moment must do the same to the database, which knows how many lines there were. What stands here is never
 * replaced, so a log that goes on after it was cut contradicts it.
 */
final class AuditAnchor {
    private static final System.Logger LOG = System.getLogger(AuditAnchor.class.getName());
    /** A week of them, at one a minute. */
    private static final int KEPT = 10_000;

    private final Store store;
    private final Path key;

    /** @param keys the folder of the log's keys, which tell one node's log from another's; made with the log */
    AuditAnchor(Store store, Path keys) {
        this.store = store;
        this.key = keys.resolve("audit.pub");
    }

    /** Returns at once: a log is written even when the database is away, and its next checkpoint says no less. */
    void keep(String checkpoint) {
        long seq = seq(checkpoint);
        var log = fingerprint();
        store.writeLater(tx -> {
                    tx.insert(
                            "INSERT INTO audit_anchor (log, seq, checkpoint) VALUES (?, ?, ?) ON CONFLICT (log, seq) DO NOTHING",
                            log,
                            seq,
                            checkpoint);
                    return tx.delete(
                            "DELETE FROM audit_anchor WHERE log = ? AND seq <= (SELECT seq FROM audit_anchor WHERE log = ? "
                                    + "ORDER BY seq DESC LIMIT 1 OFFSET ?)",
                            log,
                            log,
                            KEPT);
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.log(Level.DEBUG, "a checkpoint of the security log is not in the database", failure);
                    }
                });
    }

    /** What is kept, oldest first. */
    List<String> checkpoints() {
        return store.all(
                row -> row.text(1), "SELECT checkpoint FROM audit_anchor WHERE log = ? ORDER BY seq", fingerprint());
    }

    private static long seq(String checkpoint) {
        try {
            return Envelope.JSON.readTree(checkpoint).path("seq").longValue();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a checkpoint", e);
        }
    }

    private String fingerprint() {
        try {
            return HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(key)), 0, 8);
        } catch (IOException e) {
            throw new ExplainedFault(key + " cannot be read", e);
        }
    }
}
