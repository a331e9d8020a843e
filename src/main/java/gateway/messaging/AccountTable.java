package gateway.messaging;

import java.util.List;

import gateway.messaging.Accounts.Device;
import gateway.store.Store;
import gateway.store.Work;

/** The accounts as they are stored. Where one process owns the database they are kept in memory, and read anew at each change. */
final class AccountTable {
    private final Store store;
    private final boolean owned;
    /** What {@link #list} answers where one process owns the database; null while it must be read again. Written under {@code this}. */
    private volatile List<Device> known;

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
        var held = known;
        return held != null ? held : reread();
    }

    /** Under the lock of {@link #forget}: what was read before a change never stands after it. */
    private synchronized List<Device> reread() {
        known = List.copyOf(stored());
        return known;
    }

    private List<Device> stored() {
        return store.all(Device::of, "SELECT * FROM device ORDER BY created_at, id");
    }

    /** @return false when there is an account of that name */
    boolean insert(String device, long now) {
        return changing(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", device, now)) > 0;
    }

    /** Removes the account with all that is stored of it. */
    void delete(String device) {
        changing(tx -> tx.delete("DELETE FROM device WHERE id = ?", device));
    }

    /** A write whose answer was lost may stand in the database all the same, so the list is read anew either way. */
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
