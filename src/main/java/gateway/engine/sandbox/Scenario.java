package gateway.engine.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Groups;
import gateway.engine.Groups.Group;
import gateway.engine.Jid;
import gateway.store.Tx;

/** What a tester makes happen on one pretended account. Whatever is made here survives a restart. */
public final class Scenario {
    /** Fictional people, so that there is somebody to write to from the first minute. */
    private static final Jid ALICE = Jid.ofPhone("12025550101");

    private static final Jid BOB = Jid.ofPhone("12025550102");
    private static final Jid SHOP = Jid.ofPhone("12025550103");

    /** Meta's code of a message that cannot be delivered. */
    static final int FAILED_LATER = 131_026;

    private final SandboxSession session;
    private final World world;
    private final SandboxContacts contacts;
    private final SandboxGroups groups;
    private final SandboxNewsletters newsletters;
    private final SandboxDeeds deeds;
    private final Trouble trouble;

    Scenario(
            SandboxSession session,
            World world,
            SandboxContacts contacts,
            SandboxGroups groups,
            SandboxNewsletters newsletters,
            SandboxDeeds deeds,
            Trouble trouble) {
        this.session = session;
        this.world = world;
        this.contacts = contacts;
        this.groups = groups;
        this.newsletters = newsletters;
        this.deeds = deeds;
        this.trouble = trouble;
    }

    /** How things go wrong at this moment. See {@link #failNext} and {@link #receipts} for the units. */
    public record Weather(boolean banned, boolean dropped, int failNext, long deliveredAfter, long readAfter) {}

    /** Something the account did on WhatsApp; {@code at} is epoch milliseconds. */
    public record Deed(String deed, String subject, String detail, long at) {}

    /** Gives a new account its first acquaintances; an account paired before keeps those it has. */
    void setStage(Jid self) {
        if (!contacts.list().isEmpty()) {
            return;
        }
        contacts.put(ALICE, "Alice", "At work", false);
        contacts.put(BOB, "Bob", "", false);
        contacts.put(SHOP, "Corner Shop", "Open from nine to six", true);
        groups.make("Sandbox friends", self, List.of(ALICE, BOB), false);
        world.store().write(tx -> {
            newsletters.put(
                    tx, new Jid("120363144038483540", Jid.NEWSLETTER), "Sandbox news", "What is new in the sandbox.");
            return null;
        });
    }

    public void contact(Jid user, String name, String about, boolean business) {
        contacts.put(user, name, about, business);
    }

    /** Somebody makes a group; when this account is among the members it is told so. */
    public Group group(String title, Jid owner, List<Jid> members, boolean approval) {
        var self = world.online().get();
        var jid = groups.make(title, owner, members, approval);
        if (members.contains(self)) {
            happen(now -> new Event.GroupJoined(jid, title, "invite", members, now));
        }
        return groups.info(jid);
    }

    /** Somebody asks to be let into a group of this account. */
    public void ask(Jid group, Jid who) {
        groups.ask(group, who);
    }

    /** A member's rank changes, or somebody comes or goes, by somebody else's doing. */
    public void members(Jid group, Groups.Change change, List<Jid> whom) {
        groups.byOthers(group, change, whom);
    }

    public void newsletter(Jid newsletter, String name, String description) {
        newsletters.follow(newsletter, name, description);
    }

    /** Any event that is neither a message nor about the connection; it is given the time, in epoch milliseconds. */
    public void happen(LongFunction<Event> happening) {
        var event = happening.apply(world.clock().millis());
        if (event instanceof Event.Newsletter mute && mute.change() == Event.Newsletter.Change.MUTE) {
            newsletters.mute(mute.newsletter(), mute.detail().equals("on"));
        }
        tell(event);
    }

    /** The code of a group's invite link, whoever is its admin. */
    public String invite(Jid group) {
        return groups.code(group);
    }

    /** As {@link SandboxSession#receive}. */
    public String receive(Jid chat, Jid sender, String pushName, Content content, boolean later) {
        if (chat.isGroup()) {
            groups.info(chat);
        }
        return session.receive(chat, sender, pushName, content, later);
    }

    private void tell(Event event) {
        var _ = world.online().get();
        world.store().write((Tx tx) -> {
            world.tell(tx, event);
            return null;
        });
        world.wake().run();
    }

    /** Drops the connection until somebody reconnects. */
    public void drop() {
        session.drop();
    }

    public void ban(boolean banned) {
        session.ban(banned);
    }

    /** When the recipients' phones answer, milliseconds after the message; negative when they never do. */
    public void receipts(long deliveredAfter, long readAfter) {
        trouble.receipts(deliveredAfter, readAfter);
    }

    /**
     * The next sends fail in this way: {@code try_later}, {@code rejected}, {@code restricted}, {@code window_closed}
     * or {@code failed_later}.
     */
    public void failNext(int sends, String how, long retryAfterSeconds) {
        trouble.failNext(
                sends, new Trouble.Fault(Trouble.Kind.valueOf(how.toUpperCase(Locale.ROOT)), retryAfterSeconds));
    }

    public Weather weather() {
        var state = trouble.state();
        return new Weather(
                state.banned(), state.dropped(), state.failNext(), state.deliveredAfter(), state.readAfter());
    }

    /** What the account did, newest first. */
    public List<Deed> deeds(int most) {
        return deeds.newest(most).stream()
                .map(deed -> new Deed(deed.deed(), deed.subject(), deed.detail(), deed.at()))
                .toList();
    }
}
