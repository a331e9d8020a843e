package gateway.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import gateway.engine.EngineRefusal.Reason;
import gateway.store.Store;

/** An engine for tests that has no connection of its own: WhatsApp calls it. It keeps what it knows in memory. */
public final class ToldEngine implements Engine {
    public static final String NAME = "told";
    /** What WhatsApp says in the header {@code X-Signature}. */
    public static final String SIGNATURE = "it is me";

    public static final Jid PEER = Jid.ofPhone("12025550178");

    /** Accounts by their device, with the messages each has shown to people, by id. */
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    private final Map<String, Jid> paired = new ConcurrentHashMap<>();
    private final Map<String, List<String>> shown = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Session open(String device, Store state, Events events) {
        var line = new Line(device, state, events);
        lines.put(device, line);
        return line;
    }

    @Override
    public void forget(String device, Store state) {
        paired.remove(device);
        shown.remove(device);
    }

    @Override
    public Optional<Jid> account(String device, Store state) {
        return Optional.ofNullable(paired.get(device));
    }

    /** Whether the account has a line that is not closed. */
    public boolean isOpen(String device) {
        return Optional.ofNullable(lines.get(device))
                .filter(line -> !line.closed)
                .isPresent();
    }

    /** How often people were shown the message. */
    public long shown(String device, String id) {
        return shown.getOrDefault(device, List.of()).stream().filter(id::equals).count();
    }

    /** Pairs the account, as its owner does by a token. */
    public void pair(String device, Jid account) {
        paired.put(device, account);
    }

    /** WhatsApp calls with something that happened; false when it is to call again. */
    public boolean bring(String device, Event event) {
        var line = lines.get(device);
        if (line == null) {
            return false;
        }
        try {
            line.events.accept(event);
            return true;
        } catch (RuntimeException notStored) {
            return false;
        }
    }

    /**
     * Takes {@code DEVICE ID TEXT} from whoever signs with {@link #SIGNATURE}; a question has its challenge said back.
     */
    @Override
    public Optional<Inlet> inlet() {
        return Optional.of(call -> {
            if (!SIGNATURE.equals(call.headers().get("x-signature"))) {
                return new Inlet.Answer(Inlet.Verdict.REFUSED, "");
            }
            if (call.asks()) {
                return new Inlet.Answer(Inlet.Verdict.TAKEN, call.query().getOrDefault("challenge", ""));
            }
            var words = new String(call.body(), StandardCharsets.UTF_8).split(" ", 3);
            var event = new Event.Message(
                    words[1],
                    PEER,
                    PEER,
                    false,
                    "Peer",
                    new Content.Text(words[2], Content.Options.NONE),
                    1_700_000_000_000L);
            return new Inlet.Answer(bring(words[0], event) ? Inlet.Verdict.TAKEN : Inlet.Verdict.LATER, "");
        });
    }

    @Override
    public void close() {
        lines.clear();
    }

    private final class Line implements Session {
        private final String device;
        private final Store state;
        private final Events events;
        private volatile boolean closed;

        Line(String device, Store state, Events events) {
            this.device = device;
            this.state = state;
            this.events = events;
        }

        @Override
        public Status status() {
            var account = Optional.ofNullable(paired.get(device));
            return new Status(account.isPresent() && !closed, account);
        }

        private void online() {
            if (!paired.containsKey(device)) {
                throw new EngineRefusal(Reason.NOT_LOGGED_IN, "you are not logged in");
            }
            if (closed) {
                throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is closed");
            }
        }

        @Override
        public PairingCode pair() {
            return new PairingCode("told", Duration.ofMinutes(1));
        }

        @Override
        public String pairByPhone(String phone) {
            throw EngineRefusal.unsupported("pairing by a code");
        }

        @Override
        public void reconnect() {
            online();
        }

        @Override
        public void logout() {
            online();
            paired.remove(device);
        }

        @Override
        public Sent send(String id, Jid chat, Content content) {
            online();
            // The state handed to an engine refuses whoever has lost the account.
            state.write(tx -> 0);
            var all = shown.computeIfAbsent(device, name -> new CopyOnWriteArrayList<>());
            if (!all.contains(id)) {
                all.add(id);
            }
            return new Sent(id, 42);
        }

        @Override
        public boolean isOnWhatsApp(Jid user) {
            return true;
        }

        @Override
        public Optional<UserInfo> userInfo(Jid user) {
            return Optional.empty();
        }

        @Override
        public List<LinkedDevice> devices() {
            return List.of();
        }

        @Override
        public void close() {
            closed = true;
            lines.remove(device, this);
        }
    }
}
