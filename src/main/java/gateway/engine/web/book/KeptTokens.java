package gateway.engine.web.book;

import java.util.List;
import java.util.Optional;

import gateway.store.Store;

/** The privacy tokens that persons issued to this account, sealed, and when this account issued its own to them. */
public final class KeptTokens {
    private final String device;
    private final Store store;
    private final SealedRows rows;

    KeptTokens(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    /**
     * What is kept of a person. Times are epoch seconds.
     *
     * @param token       the person's token; empty when there is none
     * @param issuedAt    when the person issued that token
     * @param ownIssuedAt when this account issued its own to the person; 0 for never
     */
    public record Held(Optional<byte[]> token, long issuedAt, long ownIssuedAt) {
        /** Nothing is kept. */
        public static final Held NOTHING = new Held(Optional.empty(), 0, 0);
    }

    public Held find(String person) {
        return store.one(
                        row -> List.of(row.text(1), row.number(2), row.number(3)),
                        "SELECT sealed, issued_at, own_issued_at FROM web_privacy_token WHERE device = ? AND person = ?",
                        device,
                        person)
                .map(row -> new Held(
                        Optional.of((String) row.get(0))
                                .filter(text -> !text.isEmpty())
                                .map(text -> rows.open("web_privacy_token", person, text)),
                        (long) row.get(1),
                        (long) row.get(2)))
                .orElse(Held.NOTHING);
    }

    /** Keeps a person's token, unless a newer one is there. */
    public KeyChanges keep(String person, byte[] token, long issuedAt) {
        return new KeyChanges().add("""
                INSERT INTO web_privacy_token (device, person, sealed, issued_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, person) DO UPDATE SET sealed = excluded.sealed, issued_at = excluded.issued_at
                WHERE web_privacy_token.issued_at <= excluded.issued_at""", device, person, rows.seal("web_privacy_token", person, token), issuedAt);
    }

    /** Keeps when this account issued its own token to a person, unless a later time is there. */
    public KeyChanges issued(String person, long at) {
        return new KeyChanges().add("""
                INSERT INTO web_privacy_token (device, person, sealed, issued_at, own_issued_at) VALUES (?, ?, '', 0, ?)
                ON CONFLICT (device, person) DO UPDATE SET own_issued_at = excluded.own_issued_at
                WHERE web_privacy_token.own_issued_at < excluded.own_issued_at""", device, person, at);
    }
}
