package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event.Connection.State;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;

/**
 * One account's connection to WhatsApp. A thread of its own keeps it up, takes what comes in, and opens it again when
 * it ended.
 */
final class ConnectionKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConnectionKeeper.class.getName());
    private static final Duration KEPT_FOR_RETRIES = Duration.ofDays(14);
    /** How long votes in a poll can be read. */
    private static final Duration POLLS_KEPT = Duration.ofDays(90);

    private final String device;
    private final Book book;
    private final Dialer dialer;
    private final Login login;
    private final Receiving receiving;
    private final InstantSource clock;
    private final Owner owner;
    private final Redial redial = new Redial();
    private final Thread thread;
    private volatile @Nullable WebConnection connection;
    private volatile boolean connected;
    private volatile boolean stopped;
    private volatile boolean closed;

    /** Whose connection it is. The connection's thread calls it. */
    interface Owner {
        /** What the connection is opened with; empty while the account is not paired. */
        Optional<DeviceCredentials> credentials();

        void report(State state);

        /** WhatsApp has unlinked the device: its keys are of no use any more. */
        void wipe();
    }

    ConnectionKeeper(String device, Book book, Dialer dialer, Receiving receiving, InstantSource clock, Owner owner) {
        this.device = device;
        this.book = book;
        this.dialer = dialer;
        this.login = new Login(book);
        this.receiving = receiving;
        this.clock = clock;
        this.owner = owner;
        this.thread = Thread.ofVirtual().name("web-" + device).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isUp() {
        return connected;
    }

    boolean isEnded() {
        return closed;
    }

    /** @throws EngineRefusal when the connection is down */
    WebConnection open() {
        WebConnection open = connection;
        if (!connected || open == null) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection to WhatsApp is down");
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

    /** Lifts what WhatsApp's last word had stopped: the connection may be opened again. */
    void resume() {
        stopped = false;
    }

    /** Counts the connection as down, before its connection has ended. */
    void down() {
        connected = false;
    }

    private void run() {
        while (!closed) {
            try {
                Optional<DeviceCredentials> known = owner.credentials();
                if (known.isEmpty() || stopped) {
                    redial.awaitCall();
                    continue;
                }
                redial.ended(serve(known.get()));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the connection of " + device + " failed; it is opened again", e);
                redial.ended(false);
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (!closed && owner.credentials().isPresent()) {
                redial.awaitTurn();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Keeps one connection until it ends; whether it was up. */
    private boolean serve(DeviceCredentials known) throws InterruptedException {
        boolean up = false;
        try (WebConnection open = dialer.paired(known)) {
            connection = open;
            List<Node> early = login.of(known, open);
            book.write(book.outgoing()
                    .dropTaken(clock.millis() - KEPT_FOR_RETRIES.toMillis())
                    .add(book.notes().dropOldHistory(clock.millis() - KEPT_FOR_RETRIES.toMillis()))
                    .add(book.polls().dropOld(clock.millis() - POLLS_KEPT.toMillis())));
            receiving.learnOwn(known);
            connected = true;
            up = true;
            owner.report(State.CONNECTED);
            receiving.take(early, known, open);
            receiving.began(known, open);
            while (!closed) {
                receiving.takeNext(known, open);
            }
        } catch (ConnectionEnded e) {
            ended(e.end());
        } catch (RequestRefused | TimeoutException | WireRefusal e) {
            LOG.log(Level.WARNING, "the connection of {0} was not taken up: {1}", device, e.getMessage());
        } finally {
            boolean was = connected;
            connected = false;
            connection = null;
            if (was && !closed && owner.credentials().isPresent()) {
                owner.report(State.DISCONNECTED);
            }
        }
        return up;
    }

    private void ended(End end) {
        LOG.log(
                end.reaction() == End.Reaction.RECONNECT_NOW || end instanceof End.Closed ? Level.DEBUG : Level.INFO,
                "the connection of {0} ended: {1}",
                device,
                end.text());
        switch (end.reaction()) {
            case WIPE -> owner.wipe();
            case STOP -> {
                stopped = !(end instanceof End.Closed);
                if (end instanceof End.TemporaryBan) {
                    owner.report(State.BANNED);
                }
            }
            case RECONNECT_NOW -> redial.now();
            case BACK_OFF -> {}
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
