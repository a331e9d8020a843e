package gateway.messaging;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import gateway.messaging.Accounts.Device;
import gateway.store.Store;
import gateway.store.Work;

/**
 * The table {@code device}: the accounts as they are stored. Where one process owns the database, the list is kept in
 * memory and read anew after each change.
 */
final class AccountTable {
    private final Store store;
    private final boolean owned;
    /**
     * What {@link #list} answers where one process owns the database; null while it must be read again. Written under
     * {@code this}.
     */
    private volatile @Nullable List<Device> known;

    /** @param owned whether no other process changes the accounts */
    AccountTable(Store store, boolean owned) {
        this.store = store;
        this.owned = owned;
    }

    /** All accounts, the oldest first. */
    List<Device> list() {
        if (!owned) {
            return stored();
        }
        var kept = known;
        return kept != null ? kept : reread();
    }

    /** Reads the list under the lock of {@link #forget}, so that no list from before a change is kept after it. */
    private synchronized List<Device> reread() {
        known = List.copyOf(stored());
        return known;
    }

    private List<Device> stored() {
        return store.all(Device::of, "SELECT * FROM device ORDER BY created_at, id");
    }

    /** The name of the account's engine; empty when there is no such account. */
    Optional<String> engine(String device) {
        return list().stream()
                .filter(account -> account.id().equals(device))
                .map(Device::engine)
                .findFirst();
    }

    /** @return false when there is an account of that name */
    boolean insert(String device, String engine, long now) {
        return changing(tx -> tx.insert(
                        "INSERT INTO device (id, engine, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                        device,
                        engine,
                        now))
                > 0;
    }

    /** Gives the account another engine. */
    void change(String device, String engine) {
        changing(tx -> tx.update("UPDATE device SET engine = ? WHERE id = ?", engine, device));
    }

    /** Gives this engine to every account that has none. */
    void adopt(String engine) {
        if (list().stream().anyMatch(account -> account.engine().isEmpty())) {
            changing(tx -> tx.update("UPDATE device SET engine = ? WHERE engine = ''", engine));
        }
    }

    /** Removes the account with all that is stored of it. */
    void delete(String device) {
        changing(tx -> tx.delete("DELETE FROM device WHERE id = ?", device));
    }

    /** Writes, and forgets the list in any case, because a write whose answer was lost may have been done. */
    private long changing(Work<Long> change) {
        try {
            return store.write(change);
        } finally {
            forget();
        }
    }

    private synchronized void forget() {
        known = null;
    }
}
