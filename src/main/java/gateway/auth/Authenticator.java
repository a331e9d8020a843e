package gateway.auth;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Decides about an {@code Authorization} header: Basic (RFC 7617) for users, Bearer (RFC 6750) for tokens.
 *
 * <p>A credential that came verified from the same network within ten minutes costs one HMAC. Everything else first
 * asks whether the address has to wait, then pays for the slow hash, one at a time. A failure takes the same work
 * whether the user exists, has one password or two, or none that is hashed, and whatever the hashes of the others cost.
 *
 * <p>Strangers' failures make an address wait, and two kinds of client of that address are judged all the same. One is
 * a credential that was verified from there within a day: once more, after which it is verified again or known no
 * longer. The other is a token of 256 random bits, because nobody guesses one. A client that comes new with a password
 * has to wait, because its password cannot be told from a guess without looking at it.
 */
public final class Authenticator implements AutoCloseable {
    /** User of 64, password of 256 characters in UTF-8, Base64: what is longer was never given out. */
    private static final int MAX_HEADER = 2048;

    private static final long BUSY_SECONDS = 1;
    private static final ScopedValue<Attempt> ATTEMPT = ScopedValue.newInstance();

    private final ProcessKey key = new ProcessKey();
    private final ConfiguredCredentials configured = new ConfiguredCredentials(key);
    private final CredentialSource accounts;
    private final InstantSource clock;
    private final VerifiedCache cache;
    private final Backoff backoff;
    private final Rights rights;
    private final Hashing hashing = new Hashing();
    private volatile @Nullable Schemes schemes;

    /**
     * @param source makes the source of accounts out of the configuration's; {@code UnaryOperator.identity()} when
     *               there are no others
     */
    public Authenticator(UnaryOperator<CredentialSource> source, InstantSource clock) {
        this.accounts = source.apply(configured);
        this.clock = clock;
        this.cache = new VerifiedCache(key, clock);
        this.backoff = new Backoff(clock);
        this.rights = new Rights(accounts, clock);
    }

    /** Where the configuration puts its users and tokens. */
    public ConfiguredCredentials configured() {
        return configured;
    }

    /** Addresses that have to wait at this moment. */
    public int activeBackoffs() {
        return backoff.active();
    }

    /**
     * @param header the value of {@code Authorization}, or null when there is none
     * @param client the client's address, proxies looked through
     */
    public Verdict authenticate(@Nullable String header, InetAddress client) {
        if (header == null) {
            return new Verdict.Refused(Verdict.Reason.MISSING);
        }
        if (header.length() > MAX_HEADER) {
            return failed(client, Verdict.Reason.MALFORMED);
        }
        return known(header, client).orElseGet(() -> {
            var attempt = new Attempt(accounts.current(), clock.instant(), client, key(header, client), false);
            return judge(header, attempt);
        });
    }

    /**
     * The verdict on a credential that strangers of its address need not hold up: one that was verified from there, or
     * a token that nobody guesses. Empty for every other, which {@link #authenticate} judges, after the address's rate.
     *
     * @param header the value of {@code Authorization}, or null when there is none
     * @param client the client's address, proxies looked through
     */
    public Optional<Verdict> known(String header, InetAddress client) {
        if (header == null || header.length() > MAX_HEADER) {
            return Optional.empty();
        }
        var cacheKey = key(header, client);
        var entry = cache.known(cacheKey);
        if (entry.isEmpty() && !isRandomToken(header)) {
            return Optional.empty();
        }
        Credentials current = accounts.current();
        if (entry.isEmpty()) {
            return Optional.of(judge(header, new Attempt(current, clock.instant(), client, cacheKey, true)));
        }
        var counting = cache.in(current, cacheKey, entry.get());
        if (counting.isPresent()) {
            return Optional.of(admitted(counting.get(), false));
        }
        return Optional.of(cache.again(
                cacheKey,
                entry.get(),
                () -> judge(header, new Attempt(current, clock.instant(), client, cacheKey, true))));
    }

    private VerifiedCache.Key key(String header, InetAddress client) {
        return cache.key(header, Network.site(client));
    }

    /** Asked before the address's rate counts, so it looks only at what is in memory, and at one spelling. */
    private boolean isRandomToken(String header) {
        if (!header.startsWith(Schemes.BEARER)) {
            return false;
        }
        String text = header.substring(Schemes.BEARER.length());
        return CredentialBook.isTokenText(text) && accounts.latest().token(text).isPresent();
    }

    private Verdict judge(String header, Attempt attempt) {
        long wait = attempt.exempt ? 0 : backoff.secondsLeft(attempt.client);
        if (wait > 0) {
            return new Verdict.Later(Verdict.Reason.BACKOFF, wait);
        }
        if (attempt.accounts.allHashed() && Schemes.is(Schemes.BASIC, header) && hashing.full()) {
            // What it would come to in the end, before all that leads there: a flood makes thousands of these a second.
            return new Verdict.Later(Verdict.Reason.BUSY, BUSY_SECONDS);
        }
        Optional<Verdict.Reason> refusal = ScopedValue.where(ATTEMPT, attempt).call(() -> refusal(header));
        if (attempt.busy) {
            return new Verdict.Later(Verdict.Reason.BUSY, BUSY_SECONDS);
        }
        if (attempt.wait > 0) {
            return new Verdict.Later(Verdict.Reason.BACKOFF, attempt.wait);
        }
        return refusal.map(reason -> attempt.counted
                        ? new Verdict.Refused(reason, attempt.waitBegan)
                        : failed(attempt.client, reason))
                .orElseGet(() -> admitted(Objects.requireNonNull(attempt.entry), true));
    }

    private Verdict failed(InetAddress client, Verdict.Reason reason) {
        return new Verdict.Refused(reason, backoff.failed(client));
    }

    private Verdict.Admitted admitted(VerifiedCache.Entry entry, boolean fresh) {
        if (entry.touch(clock.millis())) {
            accounts.used(entry.principal, clock.instant(), entry.retiring);
        }
        return new Verdict.Admitted(entry.principal, fresh, entry.retiring, new Grant(rights, entry.evidence));
    }

    /** Empty when the credential is good; the attempt then tells whose. */
    private Optional<Verdict.Reason> refusal(String header) {
        String scheme = Schemes.is(Schemes.BASIC, header) ? Schemes.BASIC : Schemes.BEARER;
        if (!Schemes.is(scheme, header)) {
            return Optional.of(Verdict.Reason.SCHEME);
        }
        if (scheme.equals(Schemes.BASIC) && !Schemes.isReadableBasic(header)) {
            return Optional.of(Verdict.Reason.MALFORMED);
        }
        boolean good = schemes().accepts(header, scheme) && ATTEMPT.get().entry != null;
        return good ? Optional.empty() : Optional.of(Verdict.Reason.CREDENTIALS);
    }

    /** Made for the first stranger rather than at start, which it would lengthen. */
    private Schemes schemes() {
        Schemes made = schemes;
        if (made == null) {
            synchronized (this) {
                made = schemes == null ? new Schemes(this::isPassword, this::isToken) : schemes;
                schemes = made;
            }
        }
        return made;
    }

    private boolean isToken(String text) {
        Attempt attempt = ATTEMPT.get();
        return attempt.accounts
                .token(text)
                .filter(token -> attempt.now.isBefore(token.notAfter()))
                .map(token -> good(attempt, new Evidence.OfToken(token.digest()), token.principal(), token.notAfter()))
                .orElse(false);
    }

    /** Compares with everything the user has, at a cost that does not depend on who the user is. */
    private boolean isPassword(String name, char[] presented) {
        Attempt attempt = ATTEMPT.get();
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
                                new Evidence.OfPassword(name, password.form()),
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
                                    new Evidence.OfPassword(name, match.form()),
                                    user.orElseThrow().principal(),
                                    match.notAfter()))
                            .orElseGet(() -> wrong(attempt));
        });
        attempt.busy = answer.isEmpty();
        return answer.orElse(false);
    }

    /** Remembered at once, before the next one's turn to be hashed. */
    private boolean good(Attempt attempt, Evidence evidence, Principal who, Instant end) {
        attempt.entry =
                cache.put(attempt.cacheKey, evidence, new Evidence.Right(who, end), attempt.accounts.generation());
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

    /** Work of the password hashes so far, in {@link Argon2#cost}. */
    long hashingWork() {
        return hashing.work();
    }

    /** Rights that are followed at this moment. */
    int followedRights() {
        return rights.followed();
    }

    @Override
    public void close() {
        rights.close();
        hashing.close();
    }

    /** One look at one header. */
    private static final class Attempt {
        private final Credentials accounts;
        private final Instant now;
        private final InetAddress client;
        private final VerifiedCache.Key cacheKey;
        private VerifiedCache.@Nullable Entry entry;
        private boolean busy;
        private long wait;
        private boolean counted;
        private boolean waitBegan;
        /** Judged though the address may have to wait. */
        private final boolean exempt;

        Attempt(Credentials accounts, Instant now, InetAddress client, VerifiedCache.Key cacheKey, boolean exempt) {
            this.exempt = exempt;
            this.accounts = accounts;
            this.now = now;
            this.client = client;
            this.cacheKey = cacheKey;
        }
    }
}
