package gateway.secret;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import gateway.process.ExplainedFault;
import gateway.store.Store;

/** The keys that rows are sealed with. They stand in the database themselves, wrapped by the {@link KeyRing}. */
final class DataKeys {
    private static final String COLUMNS = "id, kek, wrapped";

    private final Store store;
    private final KeyRing ring;
    private final InstantSource clock;
    private final Map<String, Aes> opened = new ConcurrentHashMap<>();
    private volatile String current = "";

    private record Row(String id, String kek, String wrapped) {}

    /** A data key and its name. */
    record Named(String id, Aes key) {}

    DataKeys(Store store, KeyRing ring, InstantSource clock) {
        this.store = store;
        this.ring = ring;
        this.clock = clock;
    }

    /** The key to seal with; the first one is made here. */
    Named current() {
        if (current.isEmpty()) {
            current = rows("SELECT " + COLUMNS + " FROM data_key ORDER BY created_at, id LIMIT 1").stream()
                    .map(Row::id)
                    .findFirst()
                    .orElseGet(this::make);
        }
        return new Named(current, named(current));
    }

    private String make() {
        // Another process may have rotated the key since this one read it.
        ring.reread();
        var key = Aes.random();
        var wrapping = ring.current();
        return store.write(tx -> {
            var there = tx.one(row -> row.text(1), "SELECT id FROM data_key ORDER BY created_at, id LIMIT 1");
            if (there.isPresent()) {
                return there.get();
            }
            tx.insert(
                    "INSERT INTO data_key (" + COLUMNS + ", created_at) VALUES (?, ?, ?, ?)",
                    key.id(),
                    wrapping.id(),
                    key.wrappedBy(wrapping, key.id()),
                    clock.millis());
            return key.id();
        });
    }

    Aes named(String id) {
        return opened.computeIfAbsent(
                id,
                name -> rows("SELECT " + COLUMNS + " FROM data_key WHERE id = ?", name).stream()
                        .findFirst()
                        .map(this::unwrap)
                        .orElseThrow(() -> new ExplainedFault(
                                "A sealed secret in the database names a data key that is not there. "
                                        + "Restore the database from one backup, not from parts of several.")));
    }

    private Aes unwrap(Row row) {
        return Aes.unwrap(ring.named(row.kek), row.id, row.wrapped)
                .orElseThrow(
                        () -> new ExplainedFault(
                                "A data key in the database does not open with its encryption key. Restore the database from a backup."));
    }

    /** Wraps every data key by the ring's key in use, in one transaction. Says how many were wrapped by another. */
    int rewrap() {
        var wrapping = ring.current();
        var rows = rows("SELECT " + COLUMNS + " FROM data_key").stream()
                .filter(row -> !row.kek.equals(wrapping.id()))
                .toList();
        if (rows.isEmpty()) {
            return 0;
        }
        var wrapped = rows.stream()
                .map(row -> unwrap(row).wrappedBy(wrapping, row.id))
                .toList();
        store.write(tx -> {
            for (int i = 0; i < rows.size(); i++) {
                tx.update(
                        "UPDATE data_key SET kek = ?, wrapped = ? WHERE id = ?",
                        wrapping.id(),
                        wrapped.get(i),
                        rows.get(i).id);
            }
            return rows.size();
        });
        return rows.size();
    }

    private List<Row> rows(String sql, Object... parameters) {
        return store.all(row -> new Row(row.text(1), row.text(2), row.text(3)), sql, parameters);
    }
}
