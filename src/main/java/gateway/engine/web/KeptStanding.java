package gateway.engine.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Standing;
import gateway.engine.Standing.State;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.End;
import gateway.engine.web.pairing.ClientVersion;

/**
 * How the connection stands at this moment, and whether it may be opened: not while WhatsApp bars the account, and not
 * after an end that a person has to look at.
 */
final class KeptStanding {
    /** How often a newer version of the web client is looked for when WhatsApp takes none that is known. */
    private static final Duration NEXT_VERSION = Duration.ofHours(1);

    private static final String REPLACED = new End.Replaced().word();
    /** How long the word that another node has left the account explains an end that comes after the word. */
    private static final Duration LEFT_COUNTS = Duration.ofSeconds(30);

    private final Dialer dialer;
    private final InstantSource clock;
    private final Ban ban;
    private volatile Standing now;
    private volatile boolean stopped;
    /** The version that the server calls too old, while that has stopped the connection. */
    private volatile @Nullable ClientVersion outdated;
    /** When another node left the account, as {@link System#nanoTime}; empty when that has explained an end. */
    private OptionalLong left = OptionalLong.empty();

    KeptStanding(boolean paired, Book book, Dialer dialer, InstantSource clock) {
        this.dialer = dialer;
        this.clock = clock;
        this.ban = new Ban(book, clock);
        this.now = new Standing(paired ? State.CONNECTING : State.UNPAIRED, clock.millis());
        if (paired && ban.stands()) {
            to(State.BANNED, "banned", "WhatsApp has banned the account for a time");
        }
    }

    Standing now() {
        return now;
    }

    boolean mayDial() {
        return !stopped && !ban.stands();
    }

    /** Waits until the connection may be opened, or somebody calls. */
    void await(Redial redial) throws InterruptedException {
        ClientVersion refused = outdated;
        if (ban.stands()) {
            redial.awaitCall(ban.left());
        } else if (refused == null) {
            redial.awaitCall();
        } else {
            redial.awaitCall(NEXT_VERSION);
            if (stopped && !dialer.newest().equals(refused)) {
                resume();
            }
        }
    }

    /**
     * Lifts what WhatsApp's last word had stopped.
     *
     * @throws EngineRefusal while WhatsApp bars the account
     */
    void resume() {
        if (ban.stands()) {
            throw new EngineRefusal(
                    Reason.TRY_LATER,
                    "WhatsApp has banned this account until " + Instant.ofEpochMilli(ban.until()),
                    Optional.of(ban.left()));
        }
        outdated = null;
        stopped = false;
        if (now.state() != State.CONNECTED) {
            to(State.CONNECTING, "", "");
        }
    }

    /**
     * Hears that another node, which served the account before, has closed its connection. That explains one end by
     * replacement. The stop after such an end is lifted, because the other node connects no more.
     *
     * @return whether the connection may be opened for that reason
     */
    synchronized boolean otherLeft() {
        boolean lifts = stopped && now.reason().equals(REPLACED);
        if (lifts) {
            stopped = false;
            to(State.CONNECTING, "", "");
        }
        left = lifts ? OptionalLong.empty() : OptionalLong.of(System.nanoTime());
        return lifts;
    }

    /**
     * Takes an end by replacement.
     *
     * @return whether another node that has left explains the end, and the connection is opened again
     */
    private synchronized boolean replaced(End end, String text) {
        boolean explained = left.isPresent() && System.nanoTime() - left.getAsLong() < LEFT_COUNTS.toNanos();
        left = OptionalLong.empty();
        if (explained) {
            down(end, text);
        } else {
            stopped = true;
            to(State.STOPPED, end.word(), text);
        }
        return explained;
    }

    void connected() {
        to(State.CONNECTED, "", "");
    }

    /** The connection is opened again by itself. */
    void down(End end, String text) {
        to(State.CONNECTING, end.word(), text);
    }

    /** The account is unlinked; a new pairing is not barred by an old ban. */
    void unpaired(String reason, String detail) {
        ban.forget();
        to(State.UNPAIRED, reason, detail);
    }

    /**
     * Takes an end after which the connection is not simply opened again.
     *
     * @param text    the end in one sentence
     * @param version with which the connection was opened
     * @return whether it is opened again at once all the same: as another version of the web client, or because the
     *     node that replaced it has left
     */
    boolean stop(End end, String text, ClientVersion version) {
        if (end instanceof End.TemporaryBan begun) {
            ban.begin(begun);
            to(State.BANNED, end.word(), text);
            return false;
        }
        if (end instanceof End.Outdated && !dialer.newest().equals(version)) {
            down(end, text);
            return true;
        }
        outdated = end instanceof End.Outdated ? version : null;
        if (end instanceof End.Replaced) {
            return replaced(end, text);
        }
        stopped = true;
        to(State.STOPPED, end.word(), text);
        return false;
    }

    /** A new reason in the same state leaves the time of the state. */
    private synchronized void to(State state, String reason, String detail) {
        now = new Standing(
                state,
                reason,
                detail,
                state == now.state() ? now.since() : clock.millis(),
                state == State.BANNED ? ban.until() : 0);
    }
}
