package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everybody who may enter, at one moment. Immutable: a change makes new accounts with a higher generation, and nothing that
 * was verified under an older generation counts any more.
 */
public final class Accounts {
    /** A user and the passwords that are good for it; at most two of them live. */
    public record User(Principal principal, List<Password> passwords) {
        public User {
            passwords = List.copyOf(passwords);
        }
    }

    /**
     * A token, known by the SHA-256 of its text: 256 random bits need no slow hash (OWASP ASVS 6.5.2).
     *
     * @param notAfter {@link Instant#MAX} for never
     */
    public record Token(Principal principal, String digest, Instant notAfter) {
    }

    private final long generation;
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private final int hashesPerUser;
    private final boolean allHashed;
    private final Optional<Argon2> decoy;

    public Accounts(long generation, Collection<User> users, Collection<Token> tokens) {
        this.generation = generation;
        users.forEach(user -> this.users.put(user.principal().name(), user));
        tokens.forEach(token -> this.tokens.put(token.digest(), token));
        var hashes = new ArrayList<Argon2>();
        int most = 0;
        boolean all = true;
        for (User user : this.users.values()) {
            int before = hashes.size();
            for (Password password : user.passwords()) {
                if (password.form() instanceof Password.Hashed(Argon2 hash)) {
                    hashes.add(hash);
                } else {
                    all = false;
                }
            }
            most = Math.max(most, hashes.size() - before);
        }
        this.hashesPerUser = most;
        this.allHashed = all && most > 0;
        this.decoy = hashes.stream().max(java.util.Comparator.comparingLong(Argon2::cost)).map(Argon2::decoy);
    }

    /** Nobody. */
    public static Accounts none() {
        return new Accounts(0, List.of(), List.of());
    }

    /** SHA-256 of a token's text, in hexadecimal. */
    public static String digest(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** These and those under one generation; a name that both have is the one of {@code others}. */
    public Accounts with(Accounts others, long newGeneration) {
        var allUsers = new ArrayList<>(users.values());
        allUsers.addAll(others.users.values());
        var allTokens = new ArrayList<>(tokens.values());
        allTokens.addAll(others.tokens.values());
        return new Accounts(newGeneration, allUsers, allTokens);
    }

    public long generation() {
        return generation;
    }

    public Optional<User> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /** The token with this text. A map needs no constant time here: its keys are hashes, which nobody can steer. */
    Optional<Token> token(String text) {
        return Optional.ofNullable(tokens.get(digest(text)));
    }

    public boolean isEmpty() {
        return users.isEmpty() && tokens.isEmpty();
    }

    /** How many slow hashes a failed login costs, whoever it was for; 0 when no user has one. */
    int hashesPerUser() {
        return hashesPerUser;
    }

    /** True when no user's password can be told from another without a slow hash. */
    boolean allHashed() {
        return allHashed;
    }

    /** What to spend the time on where a user has fewer hashes than others, or is not there. */
    Argon2 decoy() {
        return decoy.orElseThrow();
    }
}
