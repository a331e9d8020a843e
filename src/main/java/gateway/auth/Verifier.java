package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a presented password or token with those of the accounts, and notes in the attempt what came of it. */
final class Verifier {
    private final ProcessKey key;
    private final VerifiedCache cache;
    private final Backoff backoff;
    private final Hashing hashing;

    Verifier(ProcessKey key, VerifiedCache cache, Backoff backoff, Hashing hashing) {
        this.key = key;
        this.cache = cache;
        this.backoff = backoff;
        this.hashing = hashing;
    }

    /** Whether the accounts have this token and it has not ended. */
    boolean isToken(Attempt attempt, String text) {
        return attempt.accounts
                .token(text)
                .filter(token -> attempt.now.isBefore(token.notAfter()))
                .map(token ->
                        good(attempt, new Recognition.OfToken(token.digest()), token.principal(), token.notAfter()))
                .orElse(false);
    }

    /** Compares with everything the user has, at a cost that does not depend on who the user is. */
    boolean isPassword(Attempt attempt, String name, char[] presented) {
        var user = attempt.accounts.user(name);
        byte[] mac = key.of(new String(presented).getBytes(StandardCharsets.UTF_8));
        var hashed = new ArrayList<Password>();
        for (Password password : user.map(Credentials.User::passwords).orElse(List.of())) {
            if (!password.live(attempt.now)) {
                continue;
            }
            switch (password.form()) {
                case Password.Keyed(byte[] expected) -> {
                    if (MessageDigest.isEqual(expected, mac)) {
                        return good(
                                attempt,
                                new Recognition.OfPassword(name, password.form()),
                                user.orElseThrow().principal(),
                                password.notAfter());
                    }
                }
                case Password.Hashed _ -> hashed.add(password);
            }
        }
        if (attempt.accounts.decoys().isEmpty()) {
            return false;
        }
        var answer = hashing.run(memory -> {
            // Of several that came at once with the same credential, the first one's hash is enough.
            attempt.entry = cache.find(attempt.accounts, attempt.cacheKey).orElse(null);
            if (attempt.entry != null) {
                return true;
            }
            // Nor is there one for an address that has had to wait since it stood in line.
            attempt.wait = attempt.exempt ? 0 : backoff.secondsLeft(attempt.client);
            return attempt.wait == 0
                    && match(hashed, presented, attempt.accounts.decoys(), memory)
                            .map(match -> good(
                                    attempt,
                                    new Recognition.OfPassword(name, match.form()),
                                    user.orElseThrow().principal(),
                                    match.notAfter()))
                            .orElseGet(() -> wrong(attempt));
        });
        attempt.busy = answer.isEmpty();
        return answer.orElse(false);
    }

    /** Remembered at once, before the next one's turn to be hashed. */
    private boolean good(Attempt attempt, Recognition evidence, Principal who, Instant end) {
        attempt.entry =
                cache.put(attempt.cacheKey, evidence, new Recognition.Right(who, end), attempt.accounts.generation());
        return true;
    }

    /** Counted at once, before the next one's turn: a wait that begins here is one for him, too. */
    private boolean wrong(Attempt attempt) {
        attempt.counted = true;
        attempt.waitBegan = backoff.failed(attempt.client);
        return false;
    }

    /** The password that matches. Without one, every decoy's work was done, in the same order for everybody. */
    private static Optional<Password> match(
            List<Password> hashed, char[] presented, List<Argon2> decoys, Argon2.Memory memory) {
        var left = new ArrayList<>(hashed);
        for (Argon2 decoy : decoys) {
            var own = left.stream()
                    .filter(password ->
                            ((Password.Hashed) password.form()).hash().costsAs(decoy))
                    .findFirst();
            left.removeAll(own.stream().toList());
            boolean matches = own.map(password -> ((Password.Hashed) password.form()).hash())
                    .orElse(decoy)
                    .matches(presented, memory);
            if (matches && own.isPresent()) {
                return own;
            }
        }
        return Optional.empty();
    }
}
