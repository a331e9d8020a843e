package gateway.http.hardened;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import gateway.auth.Network;
import gateway.auth.Principal;

/**
 * A listener's requests at once. A slot is held while a request is worked on, and lent to others while its client
 * still sends the body, so that no dripped body keeps a handler from its work. Admitted requests are counted
 * besides, their bodies' time included: each client address (IPv6: /64) and each principal may have as many under
 * way as are left free.
 */
final class Slots {
    /** So many an address or a principal may have under way in any case. */
    private static final int MIN_SHARE = 8;

    private final int most;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();
    private final ConcurrentHashMap<Object, Integer> underWay = new ConcurrentHashMap<>();

    Slots(int most) {
        this.most = most;
    }

    /** Takes a slot for a new request; false when none is free. */
    boolean take() {
        if (busy.incrementAndGet() <= most) {
            return true;
        }
        busy.decrementAndGet();
        return false;
    }

    /** Takes a lent slot again: the request's turn is now, even when more are busy than may begin. */
    void takeAgain() {
        busy.incrementAndGet();
    }

    void give() {
        busy.decrementAndGet();
    }

    /** Null when the address or the principal has its share under way. */
    @Nullable
    Claim claim(Network site, Principal principal) {
        record Who(Principal.Kind kind, String name) {}
        var claim = new Claim(site, new Who(principal.kind(), principal.name()));
        int share = Math.max(MIN_SHARE, most - admitted.incrementAndGet() + 1);
        boolean fits = underWay.merge(claim.site, 1, Integer::sum) <= share;
        fits &= underWay.merge(claim.who, 1, Integer::sum) <= share;
        if (!fits) {
            claim.end();
        }
        return fits ? claim : null;
    }

    /** One admitted request. */
    final class Claim {
        private final Object site;
        private final Object who;

        private Claim(Object site, Object who) {
            this.site = site;
            this.who = who;
        }

        void end() {
            admitted.decrementAndGet();
            underWay.computeIfPresent(site, (key, count) -> count == 1 ? null : count - 1);
            underWay.computeIfPresent(who, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
