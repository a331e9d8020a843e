package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.CredentialBook.By;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * The pairing links: each lets one person without a credential see the codes of one account, once, for ten minutes. The
 * database keeps the hash of a link. A link belongs to the page that used it first, which proves that with a key of its
 * own, so that the page can ask again on every node. A link ends with the credential that made it.
 */
public final class PairingLinks {
    /** How long a link is valid, and with it the page that used the link. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final String NONE = "0".repeat(64);
    private static final String USER = "user:";
    private static final String TOKEN = "token:";

    private final Store store;
    private final CredentialSource accounts;
    private final SecurityLog log;
    private final InstantSource clock;

    /** @param accounts who may enter */
    public PairingLinks(Store store, CredentialSource accounts, SecurityLog log, InstantSource clock) {
        this.store = store;
        this.accounts = accounts;
        this.log = log;
        this.clock = clock;
    }

    /**
     * A valid link.
     *
     * @param phone  the number whose code the page shows; empty when the page shows a QR code
     * @param linked whether a phone was linked since the link was made
     * @param used   whether a page has used the link
     */
    public record Link(String device, Optional<String> phone, boolean linked, boolean used) {}

    private record Kept(
            String device, String digest, String phone, String page, boolean linked, long expiresAt, String maker) {
        static final Kept NOTHING = new Kept("", NONE, "", NONE, false, 0, "");

        static Kept of(Row row) {
            return new Kept(
                    row.text(1), row.text(2), row.text(3), row.text(4), row.flag(5), row.number(6), row.text(7));
        }
    }

    /** A credential as the table has it; no user's name has a colon. */
    private static String maker(Principal.Kind kind, String name) {
        return (kind == Principal.Kind.USER ? USER : TOKEN) + name;
    }

    /** Ends the links that a credential made, in the transaction that ends the credential. */
    static void end(Tx tx, Principal.Kind kind, String name) {
        tx.delete("DELETE FROM device_pairing_link WHERE maker = ?", maker(kind, name));
    }

    /**
     * Makes a link for the account; the account's link before it is no longer valid.
     *
     * @param maker whose link it is; empty where nobody needs a credential
     * @param phone digits of the phone's number; empty for a page with a QR code
     * @return the link's secret part, which is not to be had again; empty when there is no such account
     */
    public Optional<String> make(By by, Optional<Principal> maker, String device, Optional<String> phone) {
        var secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return written(
                        SecurityEvent.AUTHN_TOKEN_CREATED,
                        by,
                        device,
                        "made",
                        () -> store.write(tx -> tx.insert(
                                        """
                        INSERT INTO device_pairing_link (device, digest, phone, expires_at, maker)
                        SELECT id, ?, ?, ?, ? FROM device WHERE id = ?
                        ON CONFLICT (device) DO UPDATE SET digest = excluded.digest, phone = excluded.phone,
                        page = '', linked = 0, expires_at = excluded.expires_at, maker = excluded.maker""",
                                        Credentials.digest(text),
                                        phone.orElse(""),
                                        clock.instant().plus(LIFE).toEpochMilli(),
                                        maker.map(who -> maker(who.kind(), who.name()))
                                                .orElse(""),
                                        device)
                                > 0))
                ? Optional.of(text)
                : Optional.empty();
    }

    /**
     * The link, when it is valid for this page. Every other link, however it fails, costs the same comparisons.
     *
     * @param secret what stands in the link
     * @param key    what the page drew for itself
     */
    public Optional<Link> find(By by, String secret, String key) {
        var digest = Credentials.digest(secret);
        var kept = store.one(
                        Kept::of,
                        "SELECT device, digest, phone, page, linked, expires_at, maker FROM device_pairing_link"
                                + " WHERE digest = ?",
                        digest)
                .orElse(Kept.NOTHING);
        boolean same = isSame(kept.digest(), digest);
        boolean own = isSame(kept.page(), Credentials.digest(key));
        boolean used = !kept.page().isEmpty();
        // Who has not used the link by the time that a phone is linked comes too late.
        boolean open = !used && !kept.linked();
        if (same && (own || open) && kept.expiresAt() > clock.millis() && stands(kept)) {
            return Optional.of(new Link(
                    kept.device(), Optional.of(kept.phone()).filter(phone -> !phone.isEmpty()), kept.linked(), used));
        }
        log.count(entry(SecurityEvent.AUTHN_LOGIN_FAIL, by, AuditEntry.FAILURE, Map.of("reason", "pairing_link")));
        return Optional.empty();
    }

    /** Whether the maker could still make this link: a credential that was revoked, ended or bound elsewhere cannot. */
    private boolean stands(Kept kept) {
        if (kept.maker().isEmpty()) {
            return true;
        }
        boolean user = kept.maker().startsWith(USER);
        return accounts.current()
                .standing(
                        user ? Principal.Kind.USER : Principal.Kind.TOKEN,
                        kept.maker().substring((user ? USER : TOKEN).length()),
                        clock.instant())
                .filter(maker -> maker.may(Principal.Scope.MANAGE) && maker.mayUse(kept.device()))
                .isPresent();
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Gives the link to the page, when no page has it. The use is in the security log before.
     *
     * @return false when another page was faster, or the link is no longer valid
     */
    public boolean use(By by, Link link, String secret, String key) {
        return link.used()
                || written(
                        SecurityEvent.SENSITIVE_UPDATE,
                        by,
                        link.device(),
                        "used",
                        () -> store.write(tx -> tx.update(
                                        "UPDATE device_pairing_link SET page = ? WHERE digest = ? AND page = ''"
                                                + " AND linked = 0 AND expires_at > ?",
                                        Credentials.digest(key),
                                        Credentials.digest(secret),
                                        clock.millis())
                                > 0));
    }

    /** Keeps that the account was linked: the page is told so, and gets no further code. */
    public void linked(String secret) {
        store.write(tx ->
                tx.update("UPDATE device_pairing_link SET linked = 1 WHERE digest = ?", Credentials.digest(secret)));
    }

    private interface Change {
        boolean make();
    }

    /** Writes an act down, and then does it; what was not done is written down too. */
    private boolean written(SecurityEvent event, By by, String device, String act, Change change) {
        var details = Map.of("pairing_link", act, "account", device);
        log.write(entry(event, by, AuditEntry.SUCCESS, details));
        boolean done = false;
        try {
            done = change.make();
            return done;
        } finally {
            if (!done) {
                log.write(entry(event, by, AuditEntry.FAILURE, details));
            }
        }
    }

    private static AuditEntry entry(SecurityEvent event, By by, String outcome, Map<String, String> details) {
        return new AuditEntry(event, by.actor(), by.address(), by.requestId(), outcome, details);
    }
}
