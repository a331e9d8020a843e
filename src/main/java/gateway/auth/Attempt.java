package gateway.auth;

import java.net.InetAddress;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** One look at one {@code Authorization} header: what it is judged by, and what came of it. */
final class Attempt {
    final Credentials accounts;
    final Instant now;
    final InetAddress client;
    final VerifiedCache.Key cacheKey;
    /** Whether the credential is judged although its address may have to wait. */
    final boolean exempt;
    /** Whose credential it is; null until it was found to be good. */
    VerifiedCache.@Nullable Entry entry;
    /** Whether too many others waited for their hash. */
    boolean busy;
    /** Seconds that the address has to wait; 0 when it has not. */
    long wait;
    /** Whether the failure was counted against the address already. */
    boolean counted;
    /** Whether that failure began a wait of the address. */
    boolean waitBegan;

    Attempt(Credentials accounts, Instant now, InetAddress client, VerifiedCache.Key cacheKey, boolean exempt) {
        this.accounts = accounts;
        this.now = now;
        this.client = client;
        this.cacheKey = cacheKey;
        this.exempt = exempt;
    }
}
