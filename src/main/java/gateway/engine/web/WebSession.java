package gateway.engine.web;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import gateway.engine.Contacts;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event;
import gateway.engine.Event.Connection.State;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.Marks;
import gateway.engine.PasskeyStep;
import gateway.engine.Presence;
import gateway.engine.Profile;
import gateway.engine.Session;
import gateway.engine.Wire;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;

/**
 * One account as a linked device: its pairing, and what others ask of it. The connection is kept up by a
 * {@link ConnectionKeeper}.
 */
final class WebSession implements Session, ConnectionKeeper.Owner {
    private final Book book;
    private final Events events;
    private final Dialer dialer;
    private final InstantSource clock;
    private final SessionParts parts;
    private final ConnectionKeeper keeper;
    private volatile @Nullable Linking linking;
    private volatile Optional<DeviceCredentials> own;
    /** A logout was asked for here: that the server then ends the connection is no news. */
    private volatile boolean leaving;

    WebSession(String device, Book book, Events events, Dialer dialer, InstantSource clock) {
        this.book = book;
        this.events = events;
        this.dialer = dialer;
        this.clock = clock;
        this.own = book.own().credentials();
        this.parts = new SessionParts(book, events, dialer, clock, this::line, this::account, this::change);
        this.keeper = new ConnectionKeeper(
                device, book, dialer, parts.preKeys, parts.receiving, parts.serverClock, clock, this);
    }

    void start() {
        keeper.start();
    }

    @Override
    public Status status() {
        var account = own.flatMap(DeviceCredentials::paired).map(WebSession::shown);
        return new Status(keeper.isUp(), account, Optional.of(keeper.standing()));
    }

    @Override
    public OptionalInt preKeysLeft() {
        return keeper.isUp() ? parts.preKeys.left() : OptionalInt.empty();
    }

    static Jid shown(DeviceCredentials.Paired account) {
        return new Jid(account.jid().user(), account.jid().server());
    }

    @Override
    public synchronized PairingCode pair() {
        return linking()
                .current()
                .orElseThrow(() -> new EngineRefusal(Reason.TRY_LATER, "WhatsApp offers no code at this moment"));
    }

    @Override
    public synchronized String pairByPhone(String phone) {
        return linking().code(phone);
    }

    @Override
    public PasskeyStep passkey() {
        var open = linking;
        return open == null || own.isPresent() ? PasskeyStep.NONE : open.passkey();
    }

    private boolean awaitsPasskey() {
        var open = linking;
        return open != null && own.isEmpty() && open.passkey().isUnderWay();
    }

    private Linking linking() {
        if (keeper.isEnded()) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
        if (own.isPresent()) {
            throw new EngineRefusal(Reason.ALREADY_PAIRED, "you are already logged in");
        }
        if (awaitsPasskey()) {
            throw new EngineRefusal(
                    Reason.TRY_LATER,
                    "the phone asks for the account's passkey first; see the console or GET /app/passkey");
        }
        if (linking == null || linking.current().isEmpty()) {
            endLinking();
            linking = new Linking(dialer, this::paired, this::linkingEnded);
            report(State.PAIRING, "", "");
        }
        return linking;
    }

    /** Ends the pairing of an account that is linked: the pairing's connection is a third of the account's memory. */
    private void linkingEnded() {
        if (own.isPresent()) {
            endLinking();
        }
        keeper.dialNow();
    }

    private synchronized void endLinking() {
        if (linking != null) {
            linking.close();
            linking = null;
        }
    }

    /** The phone has agreed: what it said is on disk when this returns. */
    private void paired(DeviceCredentials agreed) {
        own = Optional.of(agreed);
        try {
            events.accept(
                    List.of(new Event.Connection(State.PAIRED, clock.millis())),
                    book.wipe().add(book.own().keep(agreed)));
        } catch (RuntimeException e) {
            own = Optional.empty();
            throw e;
        }
        keeper.resume();
    }

    @Override
    public void reconnect() {
        account();
        if (keeper.isEnded()) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is closed");
        }
        keeper.resume();
        keeper.hangUp();
    }

    @Override
    public void otherLeft() {
        keeper.otherLeft();
    }

    @Override
    public Wire wire() {
        return new WebWire(dialer, clock, this::changed);
    }

    /** The account leaves by another way: what is open by the earlier one ends. */
    private synchronized void changed(Runnable change) {
        change.run();
        endLinking();
        keeper.hangUp();
    }

    @Override
    public void logout() {
        if (awaitsPasskey()) {
            endLinking();
            return;
        }
        leaving = true;
        try {
            Login.undo(account(), keeper.open());
            wipe("logged_out", "");
        } finally {
            leaving = false;
        }
    }

    /** Forgets the account's keys, once. */
    @Override
    public synchronized void wipe(String reason, String detail) {
        if (own.isEmpty()) {
            return;
        }
        String why = leaving ? "logged_out" : reason;
        String told = leaving ? "" : detail;
        events.accept(
                List.of(new Event.Connection(State.LOGGED_OUT, !leaving, why, told, clock.millis())), book.wipe());
        own = Optional.empty();
        keeper.down(why, told);
        parts.forget();
        report(State.DISCONNECTED, why, told);
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        account();
        WebConnection open = keeper.open();
        return parts.sending.send(id, chat, content, own.orElseThrow(), open);
    }

    @Override
    public Sent sendFirst(String id, Jid chat, Content content) {
        account();
        WebConnection open = keeper.open();
        return parts.sending.sendFirst(id, chat, content, own.orElseThrow(), open);
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        return parts.recipients.isThere(DeviceJid.of(user.user(), user.server()), account(), keeper.open());
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        return isOnWhatsApp(user)
                ? Optional.of(new UserInfo("", "", "", Optional.empty(), List.of(user)))
                : Optional.empty();
    }

    @Override
    public List<LinkedDevice> devices() {
        return own.flatMap(DeviceCredentials::paired)
                .map(account -> List.of(new LinkedDevice(
                        dialer.profile().display(),
                        shown(account).device(account.jid().device()))))
                .orElse(List.of());
    }

    @Override
    public Contacts contacts() {
        account();
        return new WebContacts(parts.names);
    }

    @Override
    public Profile profile() {
        return parts.profile;
    }

    @Override
    public Marks marks() {
        return parts.marks;
    }

    @Override
    public Presence presence() {
        return parts.presence;
    }

    /** The open connection of the paired account. */
    private WebConnection line() {
        account();
        return keeper.open();
    }

    private DeviceCredentials.Paired account() {
        return own.flatMap(DeviceCredentials::paired)
                .orElseThrow(() -> new EngineRefusal(Reason.NOT_LOGGED_IN, "you are not logged in"));
    }

    @Override
    public Optional<DeviceCredentials> credentials() {
        return own;
    }

    @Override
    public void report(State state, String reason, String detail) {
        events.accept(new Event.Connection(state, false, reason, detail, clock.millis()));
    }

    @Override
    public synchronized void change(UnaryOperator<DeviceCredentials> change) {
        Optional<DeviceCredentials> changed = own.map(change);
        if (changed.isPresent() && !changed.equals(own)) {
            book.write(book.own().keep(changed.get()));
            own = changed;
        }
    }

    @Override
    public void close() {
        keeper.end();
        endLinking();
        keeper.close();
        dialer.tap().end();
        dialer.way().close();
    }
}
