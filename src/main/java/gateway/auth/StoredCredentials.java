package gateway.auth;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.store.Row;
import gateway.store.Store;

/** The accounts of the database and the configuration together; a name that both have is the configuration's. */
public final class StoredCredentials implements CredentialSource {
    private record Snapshot(long generation, Credentials configured, Credentials merged) {}

    private final Store store;
    private final CredentialSource configured;
    private final Generation generation;
    private volatile Snapshot snapshot = new Snapshot(Long.MIN_VALUE, Credentials.none(), Credentials.none());

    public StoredCredentials(Store store, CredentialSource configured, Generation generation) {
        this.store = store;
        this.configured = configured;
        this.generation = generation;
    }

    /** Where the number is asked for on a database server. */
    public static Generation onServer(Store store) {
        return Generation.asked(() -> store.number("SELECT generation FROM account_generation WHERE id = 1"));
    }

    @Override
    public Credentials current() {
        // The number first: a change that slips in between is then loaded twice rather than never.
        long number = generation.now();
        Credentials settings = configured.current();
        Snapshot known = snapshot;
        return known.generation == number && known.configured == settings ? known.merged : load(number, settings);
    }

    @Override
    public Credentials latest() {
        return snapshot.merged;
    }

    private synchronized Credentials load(long number, Credentials settings) {
        Snapshot known = snapshot;
        if (known.generation == number && known.configured == settings) {
            return known.merged;
        }
        var stored = new Credentials(0, users(), tokens());
        Credentials merged = stored.with(settings, known.merged.generation() + 1);
        snapshot = new Snapshot(number, settings, merged);
        return merged;
    }

    private List<Credentials.User> users() {
        Map<String, List<Password>> passwords = new HashMap<>();
        store.all(
                        row -> Map.entry(row.text("name"), Password.hashed(Argon2.parse(row.text("hash")), end(row))),
                        "SELECT name, hash, not_after FROM account_password ORDER BY seq DESC")
                .forEach(entry -> passwords
                        .computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
                        .add(entry.getValue()));
        return store.all(
                row -> {
                    String name = row.text("name");
                    return new Credentials.User(
                            principal(row, name, Principal.Kind.USER), passwords.getOrDefault(name, List.of()));
                },
                "SELECT name, scopes, device FROM account_user");
    }

    private List<Credentials.Token> tokens() {
        return store.all(
                row -> new Credentials.Token(
                        principal(row, row.text("id"), Principal.Kind.TOKEN), row.text("digest"), end(row)),
                "SELECT id, digest, scopes, device, not_after FROM account_token");
    }

    private static Principal principal(Row row, String name, Principal.Kind kind) {
        return new Principal(name, kind, Principal.Scope.parse(row.text("scopes")), device(row));
    }

    private static Instant end(Row row) {
        return time(row, "not_after").orElse(Instant.MAX);
    }

    /** A time that may be missing; the tables have 0 for that. */
    static Optional<Instant> time(Row row, String column) {
        long millis = row.number(column);
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static Optional<String> device(Row row) {
        return Optional.of(row.text("device")).filter(device -> !device.isEmpty());
    }

    @Override
    public void used(Principal principal, Instant when, boolean retiring) {
        configured.used(principal, when, retiring);
        boolean user = principal.kind() == Principal.Kind.USER;
        String sql = user
                ? "UPDATE account_user SET last_used = ? WHERE name = ?"
                : "UPDATE account_token SET last_used = ? WHERE id = ?";
        store.writeLater(tx -> {
            if (user && retiring) {
                tx.update(
                        "UPDATE account_password SET last_used = ? WHERE name = ? AND not_after <> 0",
                        when.toEpochMilli(),
                        principal.name());
            }
            return tx.update(sql, when.toEpochMilli(), principal.name());
        });
    }
}
