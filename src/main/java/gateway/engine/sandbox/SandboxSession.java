package gateway.engine.sandbox;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.engine.Contacts;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event;
import gateway.engine.Event.Connection.State;
import gateway.engine.Events;
import gateway.engine.Groups;
import gateway.engine.Jid;
import gateway.engine.Marks;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.engine.MessageId;
import gateway.engine.Newsletters;
import gateway.engine.Presence;
import gateway.engine.Profile;
import gateway.engine.RemoteFile;
import gateway.engine.Session;
import gateway.engine.Standing;
import gateway.process.Workers;
import gateway.store.Store;

/** One pretended account. Numbers that end in {@code 0000} have no WhatsApp; all others do. */
public final class SandboxSession implements Session {
    private final String device;
    private final SandboxNetwork network;
    private final Events events;
    private final InstantSource clock;
    private final EventPump pump;
    private final SandboxCodes codes;
    private final Trouble trouble;
    private final World world;
    private final SandboxFiles files;
    private final SandboxContacts contacts;
    private final SandboxGroups groups;
    private final SandboxNewsletters newsletters;
    private final SandboxDeeds deeds;
    private final Scenario scenario;
    private volatile Optional<Jid> account;
    private volatile boolean connected;
    private volatile Standing standing;
    private volatile boolean closed;

    SandboxSession(
            String device,
            Store store,
            MediaFiles media,
            Events events,
            InstantSource clock,
            Workers workers,
            InboundRules rules) {
        this.device = device;
        this.network = new SandboxNetwork(store, device, clock, rules.remembers());
        this.events = events;
        this.clock = clock;
        this.codes = new SandboxCodes(clock);
        this.trouble = new Trouble(store, device);
        this.account = network.account();
        this.connected = account.isPresent()
                && !trouble.state().banned()
                && !trouble.state().dropped();
        this.standing = SandboxStanding.of(
                connected ? State.CONNECTED : account.isEmpty() ? State.LOGGED_OUT : State.DISCONNECTED,
                clock.millis());
        this.pump = new EventPump(device, network, events, clock, workers);
        this.world = new World(store, media, device, clock, this::self, this::online, pump::wake);
        this.files = new SandboxFiles(world, rules);
        this.contacts = new SandboxContacts(world);
        this.groups = new SandboxGroups(world);
        this.newsletters = new SandboxNewsletters(world);
        this.deeds = new SandboxDeeds(world, groups);
        this.scenario = new Scenario(this, world, contacts, groups, newsletters, deeds, trouble);
    }

    /** Begins to report; an account that was paired is connected again. */
    void start() {
        if (connected) {
            report(State.CONNECTED);
        }
        pump.start();
    }

    @Override
    public Status status() {
        return new Status(connected && !closed, account, Optional.of(standing));
    }

    @Override
    public synchronized PairingCode pair() {
        refusePaired();
        return codes.image(() -> report(State.PAIRING));
    }

    @Override
    public synchronized String pairByPhone(String phone) {
        refusePaired();
        return codes.typed();
    }

    private void refusePaired() {
        if (account.isPresent()) {
            throw new EngineRefusal(Reason.ALREADY_PAIRED, "you are already logged in");
        }
    }

    /**
     * Plays the phone that scans the QR image, or types the code.
     *
     * @throws EngineRefusal when no code is valid
     */
    public synchronized Jid scan() {
        refusePaired();
        codes.take();
        var jid = network.freeNumber();
        network.pair(jid, "Sandbox");
        account = Optional.of(jid);
        trouble.banned(false);
        trouble.dropped(false);
        connected = true;
        scenario.setStage(jid);
        report(State.PAIRED);
        report(State.CONNECTED);
        return jid;
    }

    @Override
    public synchronized void reconnect() {
        self();
        if (closed) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line is closed");
        }
        if (trouble.state().banned()) {
            throw new EngineRefusal(Reason.NOT_LOGGED_IN, "WhatsApp has banned this number");
        }
        trouble.dropped(false);
        connected = true;
        report(State.CONNECTED);
        pump.wake();
    }

    @Override
    public synchronized void logout() {
        self();
        network.unpair();
        account = Optional.empty();
        connected = false;
        report(State.LOGGED_OUT);
    }

    /** Drops the connection, which stays down until {@link #reconnect}. */
    synchronized void drop() {
        self();
        trouble.dropped(true);
        connected = false;
        report(State.DISCONNECTED);
    }

    /** Plays WhatsApp that bans the number, or lifts the ban. */
    synchronized void ban(boolean banned) {
        self();
        trouble.banned(banned);
        connected = false;
        report(banned ? State.BANNED : State.DISCONNECTED);
    }

    private void report(State state) {
        if (state != State.PAIRING) {
            standing = SandboxStanding.of(state, clock.millis());
        }
        events.accept(new Event.Connection(state, false, standing.reason(), standing.detail(), clock.millis()));
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        online();
        if (chat.isUser() && !isOnWhatsApp(chat)) {
            throw new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "the number is not on WhatsApp");
        }
        if (chat.isGroup()) {
            groups.refuseOutsider(chat);
        }
        var fault = trouble.strike();
        fault.flatMap(Trouble.Fault::refusal).ifPresent(refusal -> {
            throw refusal;
        });
        var state = trouble.state();
        var receipts = content instanceof Content.Change || chat.isNewsletter() || fault.isPresent()
                ? SandboxNetwork.Receipts.NONE
                : new SandboxNetwork.Receipts(state.deliveredAfter(), state.readAfter());
        var taken = network.take(id, chat, content, receipts);
        if (fault.isPresent()) {
            scenario.happen(now ->
                    new Event.Failed(id, chat, Scenario.FAILED_LATER, "WhatsApp could not deliver the message", now));
        }
        pump.wake();
        return new Sent(id, taken);
    }

    @Override
    public MediaFile fetch(String id, Jid chat, RemoteFile file) {
        online();
        return files.fetch(id, file);
    }

    /**
     * Makes a message come in, as if its sender had typed it. Returns the message's id.
     *
     * @param later leaves the message's file, if it has one, to be fetched when somebody asks
     */
    String receive(Jid chat, Jid sender, String pushName, Content content, boolean later) {
        var me = self();
        var id = MessageId.next();
        network.bring(id, chat, sender, sender.equals(me), pushName, files.told(id, content, later));
        pump.wake();
        network.awaitTold(id);
        return id;
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        self();
        return World.isOnWhatsApp(user);
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        return isOnWhatsApp(user) ? Optional.of(contacts.info(user)) : Optional.empty();
    }

    @Override
    public List<LinkedDevice> devices() {
        return account.map(jid -> List.of(new LinkedDevice(network.pushName(), jid)))
                .orElse(List.of());
    }

    @Override
    public Contacts contacts() {
        return contacts;
    }

    @Override
    public Groups groups() {
        return groups;
    }

    @Override
    public Newsletters newsletters() {
        return newsletters;
    }

    @Override
    public Profile profile() {
        return deeds;
    }

    @Override
    public Marks marks() {
        return deeds;
    }

    @Override
    public Presence presence() {
        return deeds;
    }

    /** What makes things happen. */
    public Scenario scenario() {
        return scenario;
    }

    private Jid self() {
        return account.orElseThrow(() -> new EngineRefusal(Reason.NOT_LOGGED_IN, "you are not logged in"));
    }

    private Jid online() {
        var me = self();
        if (!connected || closed) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the line to WhatsApp is down");
        }
        return me;
    }

    @Override
    public void close() {
        closed = true;
        pump.close();
    }

    @Override
    public String toString() {
        return "sandbox session of " + device;
    }
}
