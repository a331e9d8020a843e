package gateway.auth;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Asks again, ten times a second, for the rights that somebody follows. Costs nothing while nobody does. */
final class Rights implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Rights.class.getName());
    private static final long PERIOD_MILLIS = 100;
    /** A right that could not be asked for this long counts as lost. */
    private static final long MAX_UNASKED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final CredentialSource accounts;
    private final InstantSource clock;
    private final Set<Following> followings = ConcurrentHashMap.newKeySet();
    private @Nullable Thread asking;
    private boolean closed;

    Rights(CredentialSource accounts, InstantSource clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    Optional<Principal> of(Grant grant) {
        return of(grant, accounts.current());
    }

    private Optional<Principal> of(Grant grant, Credentials current) {
        return grant.evidence().in(current, clock.instant()).map(Recognition.Right::principal);
    }

    Runnable follow(Grant grant, Consumer<Optional<Principal>> changed) {
        var following = new Following(grant, changed);
        followings.add(following);
        synchronized (this) {
            if (asking == null && !closed) {
                asking = Thread.ofVirtual().name("rights").start(this::ask);
            }
        }
        return () -> followings.remove(following);
    }

    private void ask() {
        long answered = System.nanoTime();
        while (goesOn()) {
            try {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
                look(accounts.current());
                answered = System.nanoTime();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException unanswered) {
                LOG.log(Level.DEBUG, "the accounts cannot be asked", unanswered);
                if (System.nanoTime() - answered > MAX_UNASKED_NANOS) {
                    look(Credentials.none());
                }
            }
        }
    }

    private synchronized boolean goesOn() {
        if (closed || followings.isEmpty()) {
            asking = null;
            return false;
        }
        return true;
    }

    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a concurrent set allows removal while it is walked over
    private void look(Credentials current) {
        for (var following : followings) {
            var now = of(following.grant, current);
            if (!following.looked || !now.equals(following.last)) {
                following.looked = true;
                following.last = now;
                if (now.isEmpty()) {
                    followings.remove(following);
                }
                following.changed.accept(now);
            }
        }
    }

    int followed() {
        return followings.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (asking != null) {
            asking.interrupt();
        }
    }

    /** One right that is followed; {@code last} is touched by the asking thread alone. */
    private static final class Following {
        private final Grant grant;
        private final Consumer<Optional<Principal>> changed;
        private boolean looked;
        private Optional<Principal> last = Optional.empty();

        Following(Grant grant, Consumer<Optional<Principal>> changed) {
            this.grant = grant;
            this.changed = changed;
        }
    }
}
