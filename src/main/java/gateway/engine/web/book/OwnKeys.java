package gateway.engine.web.book;

import java.util.Optional;

import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.PreKeys;
import gateway.store.Store;

/** What the account itself holds: its credentials, its pre-keys, and the keys that its phone shares with it. */
public final class OwnKeys {
    /** The longest id of an app-state key, in bytes. */
    public static final int MAX_APP_STATE_KEY_ID = 64;

    private final String device;
    private final Store store;
    private final SealedRows rows;

    OwnKeys(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    public Optional<DeviceCredentials> credentials() {
        return rows.sealed("SELECT sealed FROM web_device WHERE device = ?", "web_device", device)
                .map(bytes -> {
                    try {
                        return CredentialsForm.read(bytes);
                    } catch (WireRefusal e) {
                        throw SealedRows.unreadable(e);
                    }
                });
    }

    public KeyChanges keep(DeviceCredentials own) {
        String sealed = rows.seal("web_device", "", CredentialsForm.write(own));
        DeviceCredentials.SignedPreKey signed = own.signedPreKey();
        return new KeyChanges()
                .add("""
                INSERT INTO web_device (device, sealed) VALUES (?, ?)
                ON CONFLICT (device) DO UPDATE SET sealed = excluded.sealed""", device, sealed)
                .add(
                        """
                INSERT INTO web_signed_pre_key (device, id, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, id) DO UPDATE SET sealed = excluded.sealed""",
                        device,
                        signed.id(),
                        rows.seal(
                                "web_signed_pre_key",
                                Integer.toString(signed.id()),
                                signed.pair().secret().bytes()));
    }

    /** The view of our own pre-keys that a decryption reads. */
    public PreKeys preKeys() {
        return new PreKeys() {
            @Override
            public Optional<CurvePair> oneTime(int id) {
                return pair("web_pre_key", id);
            }

            @Override
            public Optional<CurvePair> signed(int id) {
                return pair("web_signed_pre_key", id);
            }
        };
    }

    private Optional<CurvePair> pair(String table, int id) {
        return rows.sealed("SELECT sealed FROM " + table + " WHERE device = ? AND id = ?", table + id, device, id)
                .map(CurvePair::of);
    }

    /** The next free number of a one-time pre-key. */
    public int nextPreKey() {
        return 1 + (int) store.number("SELECT coalesce(max(id), 0) FROM web_pre_key WHERE device = ?", device);
    }

    public KeyChanges keepPreKey(int id, CurvePair pair) {
        return new KeyChanges()
                .add(
                        "INSERT INTO web_pre_key (device, id, sealed) VALUES (?, ?, ?)",
                        device,
                        id,
                        rows.seal(
                                "web_pre_key",
                                Integer.toString(id),
                                pair.secret().bytes()));
    }

    /** Gives up a used pre-key. The row of the highest number stays, emptied, so that no number is given twice. */
    public KeyChanges dropPreKey(int id) {
        return new KeyChanges()
                .add("UPDATE web_pre_key SET sealed = '' WHERE device = ? AND id = ?", device, id)
                .add("""
                        DELETE FROM web_pre_key WHERE device = ? AND sealed = '' AND id <
                        (SELECT max(id) FROM web_pre_key WHERE device = ?)""", device, device);
    }

    /** Whether the phone has shared an app-state key. */
    public boolean hasAppStateKeys() {
        return store.number("SELECT count(*) FROM web_app_state_key WHERE device = ?", device) > 0;
    }

    public Optional<byte[]> appStateKey(String id) {
        return rows.sealed(
                "SELECT sealed FROM web_app_state_key WHERE device = ? AND id = ?",
                "web_app_state_key" + id,
                device,
                id);
    }

    public KeyChanges keepAppStateKey(String id, byte[] key) {
        return new KeyChanges().add("""
                INSERT INTO web_app_state_key (device, id, sealed) VALUES (?, ?, ?)
                ON CONFLICT (device, id) DO UPDATE SET sealed = excluded.sealed""", device, id, rows.seal("web_app_state_key", id, key));
    }
}
