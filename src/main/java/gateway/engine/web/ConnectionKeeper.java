package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event.Connection.State;
import gateway.engine.Standing;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.store.LeaseLost;

/**
 * One account's connection to WhatsApp. A thread of its own keeps it up, takes what comes in, and opens it again when
 * it ended.
 */
final class ConnectionKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConnectionKeeper.class.getName());
    /** After so many failures the server's routing information is taken for stale. */
    private static final int STALE_ROUTING = 2;

    private final String device;
    private final Book book;
    private final Dialer dialer;
    private final Login login;
    private final Receiving receiving;
    private final InstantSource clock;
    private final ServerClock serverClock;
    private final Owner owner;
    private final Redial redial = new Redial();
    private final KeptStanding standing;
    private final Thread thread;
    private volatile @Nullable WebConnection connection;
    private volatile boolean connected;
    private volatile boolean closed;

    /** Whose connection it is. The connection's thread calls it. */
    interface Owner {
        /** What the connection is opened with; empty while the account is not paired. */
        Optional<DeviceCredentials> credentials();

        /** Tells of a state, and of the reason in one word and in one sentence; both may be empty. */
        void report(State state, String reason, String detail);

        /** WhatsApp has unlinked the device: its keys are of no use any more. */
        void wipe(String reason, String detail);

        /** Keeps credentials of the same pairing that changed; the same object means that they did not. */
        void change(UnaryOperator<DeviceCredentials> change);
    }

    ConnectionKeeper(
            String device,
            Book book,
            Dialer dialer,
            PreKeyStock preKeys,
            Receiving receiving,
            ServerClock serverClock,
            InstantSource clock,
            Owner owner) {
        this.device = device;
        this.book = book;
        this.dialer = dialer;
        this.login = new Login(preKeys);
        this.receiving = receiving;
        this.serverClock = serverClock;
        this.clock = clock;
        this.owner = owner;
        this.standing = new KeptStanding(owner.credentials().isPresent(), book, dialer, clock);
        this.thread = Thread.ofVirtual().name("web-" + device).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isUp() {
        return connected;
    }

    Standing standing() {
        return standing.now();
    }

    boolean isEnded() {
        return closed;
    }

    /** @throws EngineRefusal when the connection is down */
    WebConnection open() {
        WebConnection open = connection;
        if (!connected || open == null) {
            Standing now = standing.now();
            throw new EngineRefusal(
                    Reason.NOT_CONNECTED,
                    "the connection to WhatsApp is down" + (now.detail().isEmpty() ? "" : ": " + now.detail()));
        }
        return open;
    }

    /** Ends the connection that is open now, if there is one, and the pause before the next. */
    void hangUp() {
        WebConnection open = connection;
        if (open != null) {
            open.close();
        }
        redial.now();
    }

    /** Ends the pause before the next connection. */
    void dialNow() {
        redial.now();
    }

    /**
     * Lifts what WhatsApp's last word had stopped: the connection may be opened again.
     *
     * @throws EngineRefusal while WhatsApp bars the account
     */
    void resume() {
        standing.resume();
    }

    /**
     * Hears that a node which served the account before has left the account. A connection that was replaced by that
     * node is opened again.
     */
    void otherLeft() {
        if (standing.otherLeft()) {
            redial.now();
        }
    }

    /** The account is unlinked: counts the connection as down, before it has ended. */
    void down(String reason, String detail) {
        connected = false;
        standing.unpaired(reason, detail);
    }

    private void run() {
        while (!closed) {
            try {
                Optional<DeviceCredentials> known = owner.credentials();
                if (known.isEmpty()) {
                    redial.awaitCall();
                } else if (!standing.mayDial()) {
                    standing.await(redial);
                } else {
                    serve(known.get());
                }
            } catch (InterruptedException e) {
                return;
            } catch (LeaseLost e) {
                LOG.log(Level.INFO, "the connection of {0} is not opened again: {1}", device, e.getMessage());
                end();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the connection of " + device + " failed; it is opened again", e);
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (!closed && standing.mayDial() && owner.credentials().isPresent()) {
                redial.awaitTurn();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Keeps one connection until it ends, and sets the pause before the next. */
    private void serve(DeviceCredentials known) throws InterruptedException {
        long upSince = 0;
        ClientVersion version = dialer.versions().current();
        End end = new End.Lost("the gateway could not go on; the reason is in its log");
        int way = dialer.way().changes();
        try (WebConnection open = dial(known, version)) {
            connection = open;
            if (way != dialer.way().changes()) {
                // It has left by the way of before.
                hangUp();
            }
            Login.Accepted accepted = login.of(known, open);
            upSince = System.nanoTime();
            accepted.success().number("t").ifPresent(serverClock::told);
            DeviceCredentials own = accepted.learned(known);
            owner.change(before -> before == known ? own : before);
            book.write(Login.leaves(book, version, clock.millis()));
            dialer.versions().accepted(version);
            receiving.learnOwn(own);
            connected = true;
            standing.connected();
            owner.report(State.CONNECTED, "", "");
            receiving.take(accepted.early(), own, open);
            receiving.began(own, open);
            while (!closed) {
                receiving.takeNext(own, open);
            }
            end = new End.Closed();
        } catch (ConnectionEnded e) {
            end = e.end();
        } catch (RequestRefused | TimeoutException | WireRefusal e) {
            end = new End.Lost("it was not taken up: " + e.getMessage());
        } finally {
            boolean wasUp = connected;
            connected = false;
            connection = null;
            ended(end, version, upSince == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - upSince), wasUp);
        }
    }

    /**
     * Opens a connection. The lease is asked for before the first byte, and again before the login, because the way to
     * the server may take seconds.
     *
     * @throws LeaseLost when another node serves the account: this connection would end the connection of that node
     */
    private WebConnection dial(DeviceCredentials known, ClientVersion version)
            throws ConnectionEnded, InterruptedException {
        book.checkLease();
        return dialer.paired(known, version, redial.failures() < STALE_ROUTING, book::checkLease);
    }

    /** Does what a connection's end asks for, and tells of it. */
    private void ended(End end, ClientVersion version, Duration up, boolean wasUp) {
        String text = dialer.told(end);
        dialer.tap().note("ended: " + end.word());
        LOG.log(
                end.reaction() == End.Reaction.RECONNECT_NOW || end instanceof End.Closed ? Level.DEBUG : Level.INFO,
                "the connection of {0} ended: {1}",
                device,
                text);
        switch (end.reaction()) {
            case WIPE -> owner.wipe(end.word(), text);
            case RECONNECT_NOW -> redial.restarted(up);
            case BACK_OFF -> redial.ended(up);
            case STOP -> {
                if (end instanceof End.Closed) {
                    redial.ended(up);
                } else if (standing.stop(end, text, version)) {
                    redial.restarted(up);
                }
            }
        }
        if (closed || owner.credentials().isEmpty()) {
            return;
        }
        if (standing.mayDial()) {
            standing.down(end, text);
        }
        if (wasUp || !standing.mayDial()) {
            owner.report(end instanceof End.TemporaryBan ? State.BANNED : State.DISCONNECTED, end.word(), text);
        }
    }

    /** Opens no connection any more. */
    void end() {
        closed = true;
    }

    /** Ends the connection and the thread; waits for that thread at most 5 s before it is interrupted. */
    @Override
    public void close() {
        end();
        hangUp();
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
