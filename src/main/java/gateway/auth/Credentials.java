package gateway.auth;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import gateway.digest.Sha256;

/**
 * Everybody who may enter, at one moment. Immutable: a change makes new accounts with a higher generation, and nothing
 * that was verified under an older generation counts any more.
 */
public final class Credentials {
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
    public record Token(Principal principal, String digest, Instant notAfter) {}

    private final long generation;
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private final List<Argon2> decoys;
    private final boolean allHashed;

    public Credentials(long generation, Collection<User> users, Collection<Token> tokens) {
        this.generation = generation;
        users.forEach(user -> this.users.put(user.principal().name(), user));
        tokens.forEach(token -> this.tokens.put(token.digest(), token));
        var most = new ArrayList<Argon2>();
        boolean all = true;
        for (User user : this.users.values()) {
            var covered = new ArrayList<>(most);
            for (Password password : user.passwords()) {
                if (!(password.form() instanceof Password.Hashed(Argon2 hash))) {
                    all = false;
                } else if (!covered.removeIf(new OneOf(hash))) {
                    most.add(hash);
                }
            }
        }
        this.decoys = most.stream().map(Argon2::decoy).toList();
        this.allHashed = all && !decoys.isEmpty();
    }

    /** Takes one hash of the same cost, and no second one. */
    private static final class OneOf implements Predicate<Argon2> {
        private final Argon2 wanted;
        private boolean taken;

        OneOf(Argon2 wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean test(Argon2 other) {
            boolean takes = !taken && wanted.costsAs(other);
            taken |= takes;
            return takes;
        }
    }

    /** Nobody. */
    public static Credentials none() {
        return new Credentials(0, List.of(), List.of());
    }

    /** SHA-256 of a token's text, in hexadecimal. */
    public static String digest(String token) {
        return Sha256.hex(token);
    }

    /** These and those under one generation; a name that both have is the one of {@code others}. */
    public Credentials with(Credentials others, long newGeneration) {
        var allUsers = new ArrayList<>(users.values());
        allUsers.addAll(others.users.values());
        var allTokens = new ArrayList<>(tokens.values());
        allTokens.addAll(others.tokens.values());
        return new Credentials(newGeneration, allUsers, allTokens);
    }

    /** Who has the name now: a user with a password that is good, or a token that has not ended. */
    Optional<Principal> standing(Principal.Kind kind, String name, Instant now) {
        return kind == Principal.Kind.USER
                ? user(name)
                        .filter(user -> user.passwords().stream().anyMatch(password -> password.live(now)))
                        .map(User::principal)
                : tokens.values().stream()
                        .filter(token -> token.principal().name().equals(name) && now.isBefore(token.notAfter()))
                        .findFirst()
                        .map(Token::principal);
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

    /**
     * Hashes that a failed login computes, whoever it was for; empty when no user has one. For each cost there are as
     * many as the user with most hashes of that cost has. A user's own hash takes the place of a decoy of its cost, so
     * that every check is the same sequence of work, and at least that of the costliest hash.
     */
    List<Argon2> decoys() {
        return decoys;
    }

    /** Whether the same users and tokens are in both, whatever the generations. */
    boolean same(Credentials others) {
        return users.equals(others.users) && tokens.equals(others.tokens);
    }

    /** The token with this digest. */
    Optional<Token> tokenOf(String digest) {
        return Optional.ofNullable(tokens.get(digest));
    }

    /** True when no user's password can be told from another without a slow hash. */
    boolean allHashed() {
        return allHashed;
    }
}
