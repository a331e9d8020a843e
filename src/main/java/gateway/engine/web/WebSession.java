package gateway.engine.web;

import gateway.engine.Content;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.EngineRefusal;
import gateway.engine.Event.Connection.State;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import org.jspecify.annotations.Nullable;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** One account as a linked device. A thread of its own keeps the line up and takes what comes in. */
final class WebSession implements Session {
    private static final System.Logger LOG = System.getLogger(WebSession.class.getName());
    private static final Duration KEPT_FOR_RETRIES = Duration.ofDays(14);

    private final String device;
    private final Book book;
    private final Events events;
    private final Dialer dialer;
    private final InstantSource clock;
    private final KeyRoom room;
    private final Login login;
    private final RecipientDevices recipients;
    private final Sending sending;
    private final Receiving receiving;
    private final Redial redial = new Redial();
    private final Thread thread;
    private @Nullable Linking linking;
    private volatile Optional<DeviceCredentials> own;
    private volatile @Nullable WebConnection connection;
    private volatile boolean connected;
    private volatile boolean stopped;
    /** A logout was asked for here: that the server then ends the connection is no news. */
    private volatile boolean leaving;
    private volatile boolean closed;

    WebSession(String device, Book book, Events events, Dialer dialer, InstantSource clock) {
        this.device = device;
        this.book = book;
        this.events = events;
        this.dialer = dialer;
        this.clock = clock;
        this.own = book.own().credentials();
        this.room = new KeyRoom(book);
        this.login = new Login(book);
        var people = new People(book);
        this.recipients = new RecipientDevices(book, people, clock);
        this.sending = new Sending(book, room, recipients, Dialer.RANDOM, clock);
        this.receiving = new Receiving(book, room, people, recipients, new Opener(book, people, Dialer.RANDOM),
                new Retries(book, room, people, sending, Dialer.RANDOM, clock), events);
        this.thread = Thread.ofVirtual().name("web-" + device).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public Status status() {
        return new Status(connected, own.flatMap(DeviceCredentials::paired).map(WebSession::shown));
    }

    static Jid shown(DeviceCredentials.Paired account) {
        return new Jid(account.jid().user(), account.jid().server());
    }

    @Override
    public synchronized PairingCode pair() {
        return linking().current()
                .orElseThrow(() -> new EngineRefusal(Reason.TRY_LATER, "WhatsApp offers no code at this moment"));
    }

    @Override
    public synchronized String pairByPhone(String phone) {
        return linking().code(phone);
    }

    private Linking linking() {
        if (closed) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line is being closed");
        }
        if (own.isPresent()) {
            throw new EngineRefusal(Reason.ALREADY_PAIRED, "you are already logged in");
        }
        if (linking == null || linking.current().isEmpty()) {
            endLinking();
            linking = new Linking(dialer, this::paired, redial::now);
            report(State.PAIRING);
        }
        return linking;
    }

    private synchronized void endLinking() {
        if (linking != null) {
            linking.close();
        }
    }

    /** The phone has agreed: what it said is on disk when this returns. */
    private void paired(DeviceCredentials agreed) {
        own = Optional.of(agreed);
        try {
            events.accept(List.of(new Event.Connection(State.PAIRED, clock.millis())), book.wipe().add(book.own().keep(agreed)));
        } catch (RuntimeException e) {
            own = Optional.empty();
            throw e;
        }
        stopped = false;
    }

    @Override
    public void reconnect() {
        account();
        if (closed) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line is closed");
        }
        stopped = false;
        hangUp();
    }

    @Override
    public void logout() {
        DeviceCredentials.Paired account = account();
        leaving = true;
        try {
            Login.undo(account, online());
            wipe();
        } finally {
            leaving = false;
        }
    }

    /** Forgets the account's keys, once. */
    private synchronized void wipe() {
        if (own.isEmpty()) {
            return;
        }
        events.accept(List.of(new Event.Connection(State.LOGGED_OUT, !leaving, clock.millis())), book.wipe());
        own = Optional.empty();
        connected = false;
        room.clear();
        report(State.DISCONNECTED);
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        account();
        WebConnection open = online();
        return sending.send(id, chat, content, own.orElseThrow(), open);
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        return recipients.isThere(DeviceJid.of(user.user(), user.server()), account(), online());
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        return isOnWhatsApp(user) ? Optional.of(new UserInfo("", "", "", Optional.empty(), List.of(user))) : Optional.empty();
    }

    @Override
    public List<LinkedDevice> devices() {
        return own.flatMap(DeviceCredentials::paired).map(account ->
                List.of(new LinkedDevice(dialer.profile().display(), shown(account).device(account.jid().device())))).orElse(List.of());
    }

    private DeviceCredentials.Paired account() {
        return own.flatMap(DeviceCredentials::paired)
                .orElseThrow(() -> new EngineRefusal(Reason.NOT_LOGGED_IN, "you are not logged in"));
    }

    private WebConnection online() {
        WebConnection open = connection;
        if (!connected || open == null) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line to WhatsApp is down");
        }
        return open;
    }

    /** Ends the connection that is open now, if there is one, and the pause before the next. */
    private void hangUp() {
        WebConnection open = connection;
        if (open != null) {
            open.close();
        }
        redial.now();
    }

    private void report(State state) {
        events.accept(new Event.Connection(state, clock.millis()));
    }

    private void run() {
        while (!closed) {
            try {
                Optional<DeviceCredentials> known = own;
                if (known.isEmpty() || stopped) {
                    redial.awaitCall();
                    continue;
                }
                redial.ended(serve(known.get()));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the line of " + device + " failed; it is opened again", e);
                redial.ended(false);
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (!closed && own.isPresent()) {
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
            book.write(book.outgoing().dropTaken(clock.millis() - KEPT_FOR_RETRIES.toMillis()));
            connected = true;
            up = true;
            report(State.CONNECTED);
            receiving.take(early, known, open);
            while (!closed) {
                receiving.takeNext(known, open);
            }
        } catch (ConnectionEnded e) {
            ended(e.end());
        } catch (RequestRefused | TimeoutException | WireRefusal e) {
            LOG.log(Level.WARNING, "the line of {0} was not taken up: {1}", device, e.getMessage());
        } finally {
            boolean was = connected;
            connected = false;
            connection = null;
            if (was && !closed && own.isPresent()) {
                report(State.DISCONNECTED);
            }
        }
        return up;
    }

    private void ended(End end) {
        LOG.log(end.reaction() == End.Reaction.RECONNECT_NOW || end instanceof End.Closed ? Level.DEBUG : Level.INFO,
                "the line of {0} ended: {1}", device, end.text());
        switch (end.reaction()) {
            case WIPE -> wipe();
            case STOP -> {
                stopped = !(end instanceof End.Closed);
                if (end instanceof End.TemporaryBan) {
                    report(State.BANNED);
                }
            }
            case RECONNECT_NOW -> redial.now();
            case BACK_OFF -> { }
        }
    }

    @Override
    public void close() {
        closed = true;
        endLinking();
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
