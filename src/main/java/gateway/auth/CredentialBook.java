package gateway.auth;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * Adds, changes and revokes users and tokens. Each change is in the security log before it is made; without the log it
 * is not made. When a method returns, every process on the database knows.
 */
public final class CredentialBook {
    private static final SecureRandom RANDOM = new SecureRandom();
    static final String TOKEN_ID = "tok_";
    private static final String TOKEN_START = "wagw_";
    private static final int TOKEN_BYTES = 32;
    private static final Pattern TOKEN_TEXT = Pattern.compile(TOKEN_START + "[A-Za-z0-9_-]{43}");

    /** Who asks for a change, and over what. */
    public record By(String actor, String address, String requestId) {
        /** The person at the command line. */
        public static By command() {
            return new By("cli:" + System.getProperty("user.name"), "-", "-");
        }
    }

    /** A user as it is shown; {@code passwords} counts the live ones. */
    public record UserLine(
            String name,
            Set<Principal.Scope> scopes,
            Optional<String> device,
            int passwords,
            Instant created,
            Optional<Instant> lastUsed) {}

    /** A token as it is shown; its text is nowhere. */
    public record TokenLine(
            String id,
            String note,
            Set<Principal.Scope> scopes,
            Optional<String> device,
            Instant created,
            Optional<Instant> notAfter,
            Optional<Instant> lastUsed) {}

    /** A token just made; its text is not to be had again. */
    public record NewToken(String id, String text) {}

    /** The change cannot be made; one sentence. */
    public static final class Refused extends RuntimeException {
        private final boolean missing;

        Refused(boolean missing, String message) {
            super(message, null, false, false);
            this.missing = missing;
        }

        /** @param objections a sentence for each bad field, at least one */
        Refused(Map<String, String> objections) {
            this(
                    false,
                    new TreeMap<>(objections)
                            .entrySet().stream()
                                    .map(objection -> objection.getKey() + ": " + objection.getValue())
                                    .collect(Collectors.joining(" ")));
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }

        /** Whether what was to be changed is not there. */
        public boolean missing() {
            return missing;
        }
    }

    private final Store store;
    private final CredentialChanges changes;
    private final InstantSource clock;
    private final CredentialRules rules;

    public CredentialBook(Store store, Generation generation, SecurityLog log, InstantSource clock) {
        this.store = store;
        this.changes = new CredentialChanges(store, generation, log);
        this.clock = clock;
        this.rules = new CredentialRules(clock);
    }

    /** What may be made here. */
    public CredentialRules rules() {
        return rules;
    }

    /** @throws Refused when the name is taken or no name, or the password is a poor one */
    public void addUser(By by, String name, String password, Set<Principal.Scope> scopes, Optional<String> device) {
        refuse(rules.user(name, password));
        String hash = hash(name, password);
        long now = clock.millis();
        changes.make(
                by, SecurityEvent.USER_CREATED, Map.of("user", name, "scopes", Principal.Scope.text(scopes)), tx -> {
                    if (tx.any("SELECT name FROM account_user WHERE name = ?", name)) {
                        throw new Refused(false, "There is a user " + name + " already.");
                    }
                    tx.insert(
                            "INSERT INTO account_user (name, scopes, device, created_at) VALUES (?, ?, ?, ?)",
                            name,
                            Principal.Scope.text(scopes),
                            device.orElse(""),
                            now);
                    tx.insert(
                            "INSERT INTO account_password (name, hash, created_at) VALUES (?, ?, ?)", name, hash, now);
                    return true;
                });
    }

    /**
     * Gives a user a new password; the newest old one stays good for the overlap, all others end now.
     *
     * @param overlap zero to end the old one at once
     */
    public void changePassword(By by, String name, String password, Duration overlap) {
        String hash = hash(name, password);
        long now = clock.millis();
        changes.make(
                by, SecurityEvent.AUTHN_PASSWORD_CHANGE, Map.of("user", name, "overlap", overlap.toString()), tx -> {
                    requireUser(tx, name);
                    var newest = tx.one(
                                    row -> row.number(1),
                                    "SELECT seq FROM account_password WHERE name = ? ORDER BY seq DESC LIMIT 1",
                                    name)
                            .orElse(-1L);
                    tx.delete(
                            "DELETE FROM account_password WHERE name = ? AND seq <> ?",
                            name,
                            overlap.isZero() ? -1L : newest);
                    if (overlap.isZero()) {
                        PairingLinks.end(tx, Principal.Kind.USER, name);
                    }
                    tx.update(
                            "UPDATE account_password SET not_after = ? WHERE name = ?", now + overlap.toMillis(), name);
                    tx.insert(
                            "INSERT INTO account_password (name, hash, created_at) VALUES (?, ?, ?)", name, hash, now);
                    return true;
                });
    }

    /** Removes a user; its next request is refused. */
    public void revokeUser(By by, String name) {
        changes.make(by, SecurityEvent.USER_DELETED, Map.of("user", name), tx -> {
            requireUser(tx, name);
            tx.delete("DELETE FROM account_password WHERE name = ?", name);
            tx.delete("DELETE FROM account_user WHERE name = ?", name);
            PairingLinks.end(tx, Principal.Kind.USER, name);
            return true;
        });
    }

    public List<UserLine> users() {
        long now = clock.millis();
        return store.all(
                row -> new UserLine(
                        row.text("name"),
                        Principal.Scope.parse(row.text("scopes")),
                        StoredCredentials.device(row),
                        (int) row.number("passwords"),
                        Instant.ofEpochMilli(row.number("created_at")),
                        StoredCredentials.time(row, "last_used")),
                "SELECT u.name AS name, scopes, device, created_at, last_used, (SELECT count(*) FROM account_password p"
                        + " WHERE p.name = u.name AND (p.not_after = 0 OR p.not_after > ?)) AS passwords"
                        + " FROM account_user u ORDER BY u.name",
                now);
    }

    /** Makes a token of 256 random bits. */
    public NewToken createToken(
            By by, String note, Set<Principal.Scope> scopes, Optional<String> device, Optional<Instant> notAfter) {
        refuse(rules.token(note, notAfter));
        byte[] secret = new byte[TOKEN_BYTES];
        byte[] id = new byte[6];
        RANDOM.nextBytes(secret);
        RANDOM.nextBytes(id);
        var made = new NewToken(
                TOKEN_ID + HexFormat.of().formatHex(id),
                TOKEN_START + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        long now = clock.millis();
        changes.make(
                by,
                SecurityEvent.AUTHN_TOKEN_CREATED,
                Map.of("token", made.id(), "scopes", Principal.Scope.text(scopes)),
                tx -> tx.insert(
                                "INSERT INTO account_token (id, note, digest, scopes, device, created_at, not_after)"
                                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                                made.id(),
                                note,
                                Credentials.digest(made.text()),
                                Principal.Scope.text(scopes),
                                device.orElse(""),
                                now,
                                notAfter.map(Instant::toEpochMilli).orElse(0L))
                        > 0);
        return made;
    }

    /**
     * Makes a token that may do what another one may; that one stays good for the overlap.
     *
     * @throws Refused when there is no such token
     */
    public NewToken replaceToken(By by, String id, Duration overlap) {
        var old = tokens().stream()
                .filter(token -> token.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Refused(true, "There is no such token."));
        var made = createToken(by, old.note(), old.scopes(), old.device(), old.notAfter());
        if (overlap.isZero()) {
            revokeToken(by, id);
            return made;
        }
        var end = clock.instant().plus(overlap);
        changes.make(
                by,
                SecurityEvent.SENSITIVE_UPDATE,
                Map.of("token", id, "ends", end.toString()),
                tx -> tx.update(
                                "UPDATE account_token SET not_after = ? WHERE id = ? AND (not_after = 0 OR not_after > ?)",
                                end.toEpochMilli(),
                                id,
                                end.toEpochMilli())
                        > 0);
        return made;
    }

    /** Removes a token; its next request is refused. */
    public void revokeToken(By by, String id) {
        changes.make(by, SecurityEvent.AUTHN_TOKEN_REVOKED, Map.of("token", id), tx -> {
            if (tx.delete("DELETE FROM account_token WHERE id = ?", id) == 0) {
                throw new Refused(true, "There is no such token.");
            }
            PairingLinks.end(tx, Principal.Kind.TOKEN, id);
            return true;
        });
    }

    /** Whether a text has the form of the tokens that are made here, of 256 random bits. */
    static boolean isTokenText(String text) {
        return TOKEN_TEXT.matcher(text).matches();
    }

    public List<TokenLine> tokens() {
        return store.all(
                row -> new TokenLine(
                        row.text("id"),
                        row.text("note"),
                        Principal.Scope.parse(row.text("scopes")),
                        StoredCredentials.device(row),
                        Instant.ofEpochMilli(row.number("created_at")),
                        StoredCredentials.time(row, "not_after"),
                        StoredCredentials.time(row, "last_used")),
                "SELECT id, note, scopes, device, created_at, not_after, last_used FROM account_token ORDER BY created_at, id");
    }

    private static void requireUser(Tx tx, String name) {
        if (!tx.any("SELECT name FROM account_user WHERE name = ?", name)) {
            throw new Refused(
                    true, "There is no such user in the database; those of APP_BASIC_AUTH are changed there.");
        }
    }

    private String hash(String name, String password) {
        refuse(rules.password(name, password));
        return Argon2.of(password.toCharArray()).toString();
    }

    private static void refuse(Map<String, String> objections) {
        if (!objections.isEmpty()) {
            throw new Refused(objections);
        }
    }
}
