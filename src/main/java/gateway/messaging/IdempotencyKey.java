package gateway.messaging;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import gateway.digest.Sha256;
import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.store.Tx;

/**
 * A client's name for one request, so that asking again does not send again (IETF draft idempotency-key-header). It
 * counts per principal and account, for 24 hours.
 *
 * @param principal who asks, by a name that no user shares with a token
 * @param key 1 to 255 characters
 */
public record IdempotencyKey(String principal, String key) {
    public static final Duration KEPT = Duration.ofHours(24);

    /** The key was used before for something else. */
    public static final class Reused extends RuntimeException {
        Reused() {
            super("The Idempotency-Key was used for a different request. Use a new one.", null, false, false);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /** What a key stands for. */
    record Use(String messageId, String request) {}

    /**
     * Takes the key for this message; when it was taken before, tells for which.
     *
     * @param now epoch milliseconds; what is older than {@link #KEPT} counts as never used
     */
    Optional<Use> take(Tx tx, String device, Use use, long now) {
        var fresh = tx.insert("""
                INSERT INTO idempotency (principal, device, key, request, message_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (principal, device, key) DO UPDATE SET request = excluded.request,
                    message_id = excluded.message_id, created_at = excluded.created_at
                WHERE idempotency.created_at < ?""", principal, device, key, use.request(), use.messageId(), now, now - KEPT.toMillis());
        if (fresh == 1) {
            return Optional.empty();
        }
        return tx.one(
                row -> new Use(row.text(1), row.text(2)),
                "SELECT message_id, request FROM idempotency WHERE principal = ? AND device = ? AND key = ?",
                principal,
                device,
                key);
    }

    /** What makes two requests the same: recipient and content. */
    static String fingerprint(Jid chat, Content content) {
        return Sha256.hex(chat + "\n" + ContentJson.write(content));
    }
}
