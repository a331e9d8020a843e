package gateway.auth;

import java.net.InetAddress;
import java.time.InstantSource;
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

    private final ConfiguredCredentials configured;
    private final CredentialSource accounts;
    private final InstantSource clock;
    private final VerifiedCache cache;
    private final Backoff backoff;
    private final Rights rights;
    private final Hashing hashing = new Hashing();
    private final Verifier verifier;
    private volatile @Nullable Schemes schemes;

    /**
     * @param source makes the source of accounts out of the configuration's; {@code UnaryOperator.identity()} when
     *               there are no others
     */
    public Authenticator(UnaryOperator<CredentialSource> source, InstantSource clock) {
        var key = new ProcessKey();
        this.configured = new ConfiguredCredentials(key);
        this.accounts = source.apply(configured);
        this.clock = clock;
        this.cache = new VerifiedCache(key, clock);
        this.backoff = new Backoff(clock);
        this.rights = new Rights(accounts, clock);
        this.verifier = new Verifier(key, cache, backoff, hashing);
    }

    /** Where the configuration puts its users and tokens. */
    public ConfiguredCredentials configured() {
        return configured;
    }

    /** Who may enter. */
    public CredentialSource accounts() {
        return accounts;
    }

    /** Addresses that have to wait at this moment. */
    public int activeBackoffs() {
        return backoff.active();
    }

    /**
     * @param header the value of {@code Authorization}, or null when there is none
     * @param client the client's address, proxies looked through
     */
    public Admission authenticate(@Nullable String header, InetAddress client) {
        if (header == null) {
            return new Admission.Refused(Admission.Reason.MISSING);
        }
        if (header.length() > MAX_HEADER) {
            return failed(client, Admission.Reason.MALFORMED);
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
    public Optional<Admission> known(String header, InetAddress client) {
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

    private Admission judge(String header, Attempt attempt) {
        long wait = attempt.exempt ? 0 : backoff.secondsLeft(attempt.client);
        if (wait > 0) {
            return new Admission.Later(Admission.Reason.BACKOFF, wait);
        }
        if (attempt.accounts.allHashed() && Schemes.is(Schemes.BASIC, header) && hashing.full()) {
            // What it would come to in the end, before all that leads there: a flood makes thousands of these a second.
            return new Admission.Later(Admission.Reason.BUSY, BUSY_SECONDS);
        }
        Optional<Admission.Reason> refusal = ScopedValue.where(ATTEMPT, attempt).call(() -> refusal(header));
        if (attempt.busy) {
            return new Admission.Later(Admission.Reason.BUSY, BUSY_SECONDS);
        }
        if (attempt.wait > 0) {
            return new Admission.Later(Admission.Reason.BACKOFF, attempt.wait);
        }
        return refusal.map(reason -> attempt.counted
                        ? new Admission.Refused(reason, attempt.waitBegan)
                        : failed(attempt.client, reason))
                .orElseGet(() -> admitted(Objects.requireNonNull(attempt.entry), true));
    }

    private Admission failed(InetAddress client, Admission.Reason reason) {
        return new Admission.Refused(reason, backoff.failed(client));
    }

    private Admission.Admitted admitted(VerifiedCache.Entry entry, boolean fresh) {
        if (entry.touch(clock.millis())) {
            accounts.used(entry.principal, clock.instant(), entry.retiring);
        }
        return new Admission.Admitted(entry.principal, fresh, entry.retiring, new Grant(rights, entry.evidence));
    }

    /** Empty when the credential is good; the attempt then tells whose. */
    private Optional<Admission.Reason> refusal(String header) {
        String scheme = Schemes.is(Schemes.BASIC, header) ? Schemes.BASIC : Schemes.BEARER;
        if (!Schemes.is(scheme, header)) {
            return Optional.of(Admission.Reason.SCHEME);
        }
        if (scheme.equals(Schemes.BASIC) && !Schemes.isReadableBasic(header)) {
            return Optional.of(Admission.Reason.MALFORMED);
        }
        boolean good = schemes().accepts(header, scheme) && ATTEMPT.get().entry != null;
        return good ? Optional.empty() : Optional.of(Admission.Reason.CREDENTIALS);
    }

    /** Made for the first stranger rather than at start, which it would lengthen. */
    private Schemes schemes() {
        Schemes made = schemes;
        if (made == null) {
            synchronized (this) {
                made = schemes == null
                        ? new Schemes(
                                (name, presented) -> verifier.isPassword(ATTEMPT.get(), name, presented),
                                text -> verifier.isToken(ATTEMPT.get(), text))
                        : schemes;
                schemes = made;
            }
        }
        return made;
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
}
