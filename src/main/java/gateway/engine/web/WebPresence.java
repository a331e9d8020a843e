package gateway.engine.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Presence;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.pairing.UnifiedSession;
import gateway.engine.web.receive.CallNotice;
import gateway.engine.web.receive.ChatStates;

/** What others see the account do now, and the calls that can be turned down. */
final class WebPresence implements Presence {
    private static final int MAX_CALLS = 64;
    private static final Duration CALLS_KEPT = Duration.ofMinutes(5);

    private final Book book;
    private final People people;
    private final Supplier<DeviceCredentials.Paired> account;
    private final Supplier<WebConnection> line;
    private final InstantSource clock;
    private final Map<String, Offer> calls = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Offer> eldest) {
            return size() > MAX_CALLS;
        }
    };

    private record Offer(DeviceJid creator, long at) {}

    /**
     * The presence of an account.
     *
     * @param account refuses while the account is not paired
     * @param line    the open connection; refuses when it is down
     */
    WebPresence(
            Book book,
            People people,
            Supplier<DeviceCredentials.Paired> account,
            Supplier<WebConnection> line,
            InstantSource clock) {
        this.book = book;
        this.people = people;
        this.account = account;
        this.line = line;
        this.clock = clock;
    }

    @Override
    public void available(boolean available) {
        WebConnection open = line.get();
        String name = book.notes()
                .find(KeptNotes.OWN_NAME)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(account.get().businessName());
        if (name.isEmpty()) {
            throw new EngineRefusal(
                    Reason.TRY_LATER, "the phone has not told the account's name yet, which others would see");
        }
        Asking.say(
                Node.of("presence")
                        .with("type", available ? "available" : "unavailable")
                        .with("name", name),
                open);
        if (available) {
            Asking.say(
                    Node.of("ib").holding(Node.of("unified_session").with("id", UnifiedSession.id(clock.instant()))),
                    open);
        }
    }

    @Override
    public void typing(Jid chat, boolean composing) {
        Asking.say(ChatStates.saying(people.filed(DeviceJid.of(chat.user(), chat.server())), composing), line.get());
    }

    @Override
    public void rejectCall(Jid caller, String callId) {
        WebConnection open = line.get();
        Asking.say(
                CallNotice.rejection(
                        open.nextId(), RecipientDevices.own(account.get()), creator(caller, callId), callId),
                open);
    }

    /** Remembers who calls. */
    void offered(CallNotice call) {
        synchronized (calls) {
            calls.put(call.id(), new Offer(call.creator(), clock.millis()));
        }
    }

    private DeviceJid creator(Jid caller, String callId) {
        synchronized (calls) {
            Offer offer = calls.get(callId);
            return offer != null && clock.millis() - offer.at < CALLS_KEPT.toMillis()
                    ? offer.creator
                    : people.filed(DeviceJid.of(caller.user(), caller.server()));
        }
    }
}
