package gateway.engine.sandbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session;

/** One pretended account. Numbers that end in {@code 0000} have no WhatsApp; all others do. */
public final class SandboxSession implements Session {
    /** Of the numbers set aside for fiction (North American Numbering Plan, 555-01XX): nobody is reached by mistake. */
    static final Jid OWN_NUMBER = Jid.ofPhone("12025550123");
    private static final Duration CODE_VALID = Duration.ofSeconds(60);
    private static final SandboxNetwork.Receipts ANSWERS = new SandboxNetwork.Receipts(true, 100, 400);
    private static final String CODE_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";

    private final String device;
    private final SandboxNetwork network;
    private final Events events;
    private final InstantSource clock;
    private final EventPump pump;
    private final SecureRandom random = new SecureRandom();
    private volatile Optional<Jid> account;
    private volatile boolean connected;
    private Instant codeStandsUntil = Instant.MIN;

    SandboxSession(String device, SandboxNetwork network, Events events, InstantSource clock) {
        this.device = device;
        this.network = network;
        this.events = events;
        this.clock = clock;
        this.account = network.account();
        this.connected = account.isPresent();
        this.pump = new EventPump(device, network, events, clock);
    }

    /** Begins to report; an account that was paired is connected again. */
    void start() {
        if (connected) {
            events.accept(new Event.Connection(Event.Connection.State.CONNECTED, clock.millis()));
        }
        pump.start();
    }

    @Override
    public Status status() {
        return new Status(connected, account);
    }

    @Override
    public synchronized PairingCode pair() {
        refusePaired();
        codeStandsUntil = clock.instant().plus(CODE_VALID);
        events.accept(new Event.Connection(Event.Connection.State.PAIRING, clock.millis()));
        var bytes = new byte[48];
        random.nextBytes(bytes);
        return new PairingCode("sandbox@" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), CODE_VALID);
    }

    @Override
    public synchronized String pairByPhone(String phone) {
        refusePaired();
        codeStandsUntil = clock.instant().plus(CODE_VALID);
        var code = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            code.append(CODE_ALPHABET.charAt(random.nextInt(CODE_ALPHABET.length())));
        }
        return code.insert(4, '-').toString();
    }

    private void refusePaired() {
        if (account.isPresent()) {
            throw new EngineRefusal(Reason.ALREADY_PAIRED, "you are already logged in");
        }
    }

    /**
     * Plays the phone that scans the QR image, or types the code.
     *
     * @throws EngineRefusal when no code stands
     */
    public synchronized Jid scan() {
        refusePaired();
        if (clock.instant().isAfter(codeStandsUntil)) {
            throw new EngineRefusal(Reason.REJECTED, "no pairing code stands: call /app/login first, then within "
                    + CODE_VALID.toSeconds() + " seconds /sandbox/pair");
        }
        codeStandsUntil = Instant.MIN;
        network.pair(OWN_NUMBER, "Sandbox");
        account = Optional.of(OWN_NUMBER);
        connected = true;
        events.accept(new Event.Connection(Event.Connection.State.PAIRED, clock.millis()));
        events.accept(new Event.Connection(Event.Connection.State.CONNECTED, clock.millis()));
        return OWN_NUMBER;
    }

    @Override
    public synchronized void reconnect() {
        requirePaired();
        connected = true;
        events.accept(new Event.Connection(Event.Connection.State.CONNECTED, clock.millis()));
    }

    @Override
    public synchronized void logout() {
        requirePaired();
        network.unpair();
        account = Optional.empty();
        connected = false;
        events.accept(new Event.Connection(Event.Connection.State.LOGGED_OUT, clock.millis()));
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        requirePaired();
        if (!connected) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line to WhatsApp is down");
        }
        if (chat.isUser() && !isOnWhatsApp(chat)) {
            throw new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "the number is not on WhatsApp");
        }
        var taken = network.take(id, chat, content, ANSWERS);
        pump.wake();
        return new Sent(id, taken);
    }

    /** Makes a message come in, as if its sender had typed it. Returns the message's id. */
    public String receive(Jid chat, Jid sender, String pushName, Content content) {
        requirePaired();
        var id = MessageId.next();
        network.bring(id, chat, sender, pushName, content);
        pump.wake();
        return id;
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        requirePaired();
        return !user.user().endsWith("0000");
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        return isOnWhatsApp(user)
                ? Optional.of(new UserInfo("", "Hey there! I am in the sandbox.", "", List.of(user)))
                : Optional.empty();
    }

    @Override
    public synchronized List<LinkedDevice> devices() {
        return account.map(jid -> List.of(new LinkedDevice("Sandbox", jid))).orElse(List.of());
    }

    private synchronized void requirePaired() {
        if (account.isEmpty()) {
            throw new EngineRefusal(Reason.NOT_LOGGED_IN, "you are not logged in");
        }
    }

    @Override
    public void close() {
        pump.close();
    }

    @Override
    public String toString() {
        return "sandbox session of " + device;
    }
}
