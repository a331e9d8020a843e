package gateway.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.auth.CredentialBook;
import gateway.backup.Manifest;
import gateway.backup.Restoration;
import gateway.engine.web.book.Book;
import gateway.messaging.History;
import gateway.messaging.SearchIndex;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.secret.KeyRing;
import gateway.secret.Sealing;
import gateway.store.Continuity;
import gateway.store.Database;
import gateway.store.SqliteSnapshot;
import gateway.store.Store;

/**
 * Makes a storage directory out of a backup safe to serve: the database is brought to this program's version, every
 * account is held, and nothing encrypts with a session or sender key that the lost machine may have used since. The
 * index of words is filled anew, and no list has a tag that readers of the lost machine know.
 *
 * @param only the one account that stays; every account when absent
 */
record RestoredState(InstantSource clock, Optional<String> only) implements Restoration.Settling {
    /** An instance is a gateway of its own, and media lie in a directory for each account. */
    @Override
    public boolean wants(String entry) {
        var parts = entry.split("/");
        return only.isEmpty()
                || !parts[0].equals("instances") && (!parts[0].equals("media") || parts[1].equals(only.get()));
    }

    @Override
    public void settle(Path storage, Manifest about) {
        if (only.isPresent()) {
            keep(storage, only.get());
        }
        var keys = KeyRing.file(storage.resolve("secrets").resolve("encryption.key"));
        try (var store =
                        Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")), new Continuity(storage, true));
                var log = log(storage, store)) {
            new SearchIndex(store).clear();
            History.renew(store, clock.millis());
            var sealing = new Sealing(store, keys, storage.resolve("webhook.key"), clock);
            var holds = Wiring.holds(store, clock, log);
            for (var device : holds.accounts()) {
                holds.hold(
                        device,
                        Restoration.REASON + about.time(),
                        CredentialBook.By.command().actor());
                var keysOfSignal = new Book(device, store, sealing);
                keysOfSignal.write(keysOfSignal.forReading());
            }
        }
    }

    /** Removes every other account, and its bytes from the file. */
    private static void keep(Path storage, String device) {
        var database = storage.resolve("whatsapp.db");
        try (var store = Store.open(new Database.Sqlite(database), new Continuity(storage, true))) {
            var others = store.all(row -> row.text(1), "SELECT id FROM device ORDER BY id");
            if (!others.remove(device)) {
                // A forged backup could name an account so that a terminal obeys it.
                throw new ExplainedFault("The backup has no account " + device + "; it has "
                        + (others.isEmpty() ? "none" : String.join(", ", others)).replaceAll("\\p{C}", "?")
                        + ". Name one of these with --only.");
            }
            for (var other : others) {
                store.write(tx -> tx.delete("DELETE FROM device WHERE id = ?", other));
            }
        }
        SqliteSnapshot.compact(database);
    }

    private static AuditLog log(Path storage, Store store) {
        var file = storage.resolve("security.log");
        var keys = storage.resolve("audit");
        try {
            return new AuditLog(file, keys, Clock.systemUTC(), new AuditAnchor(store, keys)::keep, AuditMetrics.NONE);
        } catch (IOException e) {
            throw DiskTrouble.fault("The security log of the backup cannot be continued", e, file);
        }
    }
}
