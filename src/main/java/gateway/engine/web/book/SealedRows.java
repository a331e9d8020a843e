package gateway.engine.web.book;

import java.util.Base64;
import java.util.Optional;

import gateway.engine.web.primitive.WireRefusal;
import gateway.secret.SecretCodec;
import gateway.store.Store;

/** The sealed columns of one account. Each is bound to its table and key, and opens nowhere else. */
final class SealedRows {
    private final String device;
    private final Store store;
    private final SecretCodec seals;

    SealedRows(String device, Store store, SecretCodec seals) {
        this.device = device;
        this.store = store;
        this.seals = seals;
    }

    /**
     * What one row holds; empty when there is no row, or it was emptied.
     *
     * @param sql   selects the one sealed column
     * @param owner the table and the key in it that the row was sealed for
     */
    Optional<byte[]> sealed(String sql, String owner, Object... parameters) {
        return store.one(row -> row.text(1), sql, parameters)
                .filter(text -> !text.isEmpty())
                .map(text -> Base64.getDecoder().decode(seals.open(owner(owner), text)));
    }

    byte[] open(String table, String key, String sealed) {
        return Base64.getDecoder().decode(seals.open(owner(table + key), sealed));
    }

    String seal(String table, String key, byte[] bytes) {
        return seals.seal(owner(table + key), Base64.getEncoder().encodeToString(bytes));
    }

    private String owner(String row) {
        return device + " " + row;
    }

    static IllegalStateException unreadable(WireRefusal e) {
        return new IllegalStateException(
                "A stored key of the multi-device engine cannot be read (" + e.getMessage()
                        + "). Restore the database from a backup, or pair the account anew.",
                e);
    }
}
