package gateway.engine.sandbox;

import static gateway.engine.sandbox.World.missing;
import static gateway.engine.sandbox.World.rejected;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import gateway.engine.Groups;
import gateway.engine.Jid;
import gateway.store.Row;

/** The pretended groups. Only admins may change one, as on WhatsApp. */
final class SandboxGroups implements Groups {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final World world;
    private final SandboxMembers members;

    SandboxGroups(World world) {
        this.world = world;
        this.members = new SandboxMembers(world);
    }

    @Override
    public List<Group> list() {
        var self = world.online().get();
        return world.store().all(SandboxGroups::alone, """
                SELECT * FROM sandbox_group WHERE device = ? AND jid IN (
                    SELECT team FROM sandbox_member WHERE device = ? AND jid = ? AND asked_at IS NULL)
                ORDER BY name, jid""", world.device(), world.device(), self.toString()).stream()
                .map(this::together)
                .toList();
    }

    @Override
    public Group info(Jid jid) {
        var _ = world.online().get();
        return find(jid).orElseThrow(() -> missing("there is no group " + jid));
    }

    private Optional<Group> find(Jid jid) {
        return world.store()
                .one(
                        SandboxGroups::alone,
                        "SELECT * FROM sandbox_group WHERE device = ? AND jid = ?",
                        world.device(),
                        jid.toString())
                .map(this::together);
    }

    /** The group without its members, who are another read. */
    private static Group alone(Row row) {
        return new Group(
                Jid.parse(row.text("jid")),
                Optional.of(Jid.parse(row.text("owner"))),
                row.text("name"),
                row.number("name_at"),
                row.text("name_by"),
                row.text("topic"),
                row.number("topic_at"),
                row.text("topic_by"),
                row.flag("locked"),
                row.flag("announce"),
                row.flag("approval"),
                row.number("ephemeral"),
                row.number("created_at"),
                List.of());
    }

    private Group together(Group alone) {
        return alone.with(members.of(alone.jid()));
    }

    @Override
    public Jid create(String title, List<Jid> with) {
        var self = world.online().get();
        return make(title, self, with.stream().filter(World::isOnWhatsApp).toList(), false);
    }

    /** Makes a group of somebody else's, too: {@code owner} need not be this account. */
    Jid make(String title, Jid owner, List<Jid> with, boolean approval) {
        long now = world.clock().millis();
        var jid = new Jid("12036" + (30_000_000_000_000L + RANDOM.nextLong(69_999_999_999_999L)), Jid.GROUP);
        var invite = code();
        world.store().write(tx -> {
            tx.insert(
                    """
                    INSERT INTO sandbox_group (device, jid, owner, name, name_at, name_by, approval, invite, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    world.device(),
                    jid.toString(),
                    owner.toString(),
                    title,
                    now,
                    owner.toString(),
                    approval ? 1 : 0,
                    invite,
                    now);
            members.add(tx, jid, owner, 2);
            with.forEach(member -> members.add(tx, jid, member, 0));
            return null;
        });
        return jid;
    }

    @Override
    public void leave(Jid jid) {
        var self = world.online().get();
        memberOf(jid);
        world.store().write(tx -> members.remove(tx, jid, self));
    }

    @Override
    public List<Outcome> change(Jid jid, Change change, List<Jid> whom) {
        adminOf(jid);
        return members.change(jid, change, whom);
    }

    /** The same, done by another admin. */
    void byOthers(Jid jid, Change change, List<Jid> whom) {
        info(jid);
        members.change(jid, change, whom);
    }

    @Override
    public List<Request> requests(Jid jid) {
        adminOf(jid);
        return members.requests(jid);
    }

    @Override
    public List<Outcome> answer(Jid jid, boolean approve, List<Jid> whom) {
        adminOf(jid);
        return members.answer(jid, approve, whom);
    }

    @Override
    public void name(Jid jid, String name) {
        var self = writable(jid);
        set(jid, "name = ?, name_at = ?, name_by = ?", name, world.clock().millis(), self.toString());
    }

    @Override
    public void topic(Jid jid, String topic) {
        var self = writable(jid);
        set(jid, "topic = ?, topic_at = ?, topic_by = ?", topic, world.clock().millis(), self.toString());
    }

    @Override
    public void locked(Jid jid, boolean locked) {
        adminOf(jid);
        set(jid, "locked = ?", locked ? 1 : 0);
    }

    @Override
    public void announce(Jid jid, boolean announce) {
        adminOf(jid);
        set(jid, "announce = ?", announce ? 1 : 0);
    }

    /** From now on the group's messages disappear after this many seconds. */
    void ephemeral(Jid jid, long seconds) {
        adminOf(jid);
        set(jid, "ephemeral = ?", seconds);
    }

    @Override
    public String photo(Jid jid, Optional<Path> jpeg) {
        writable(jid);
        var old = world.store()
                .one(
                        row -> row.text("avatar"),
                        "SELECT avatar FROM sandbox_group WHERE device = ? AND jid = ?",
                        world.device(),
                        jid.toString())
                .orElse("");
        var id = jpeg.map(world::picture).orElse("");
        set(jid, "avatar = ?", id);
        world.drop(old);
        return id.isEmpty() ? "remove" : id.substring(0, id.indexOf('.'));
    }

    @Override
    public String invite(Jid jid, boolean reset) {
        adminOf(jid);
        if (reset) {
            set(jid, "invite = ?", code());
        }
        return code(jid);
    }

    String code(Jid jid) {
        return world.store()
                .one(
                        row -> row.text("invite"),
                        "SELECT invite FROM sandbox_group WHERE device = ? AND jid = ?",
                        world.device(),
                        jid.toString())
                .orElseThrow();
    }

    @Override
    public Group preview(String code) {
        var _ = world.online().get();
        return world.store()
                .one(
                        SandboxGroups::alone,
                        "SELECT * FROM sandbox_group WHERE device = ? AND invite = ?",
                        world.device(),
                        code)
                .map(this::together)
                .orElseThrow(() -> missing("this invite link is not, or no longer, valid"));
    }

    @Override
    public Jid join(String code) {
        var self = world.online().get();
        var group = preview(code);
        world.store().write(tx -> {
            if (group.approval()) {
                members.ask(tx, group.jid(), self);
            } else {
                members.add(tx, group.jid(), self, 0);
            }
            return null;
        });
        return group.jid();
    }

    /** Makes somebody ask to be let in. */
    void ask(Jid jid, Jid who) {
        memberOf(jid);
        world.store().write(tx -> {
            members.ask(tx, jid, who);
            return null;
        });
    }

    /** Whether the account may write into the group now. */
    void refuseOutsider(Jid jid) {
        var group = find(jid).orElseThrow(() -> missing("there is no group " + jid));
        var self = world.self().get();
        var me = group.members().stream()
                .filter(member -> member.jid().equals(self))
                .findFirst()
                .orElseThrow(() -> rejected("you are not in the group " + jid));
        if (group.announce() && !me.admin()) {
            throw rejected("only admins may write in the group " + jid);
        }
    }

    private Jid writable(Jid jid) {
        return memberOf(jid).locked() ? adminOf(jid) : world.self().get();
    }

    private Group memberOf(Jid jid) {
        var self = world.online().get();
        var group = info(jid);
        if (group.members().stream().noneMatch(member -> member.jid().equals(self))) {
            throw rejected("you are not in the group " + jid);
        }
        return group;
    }

    private Jid adminOf(Jid jid) {
        var self = world.online().get();
        if (memberOf(jid).members().stream().noneMatch(member -> member.jid().equals(self) && member.admin())) {
            throw rejected("you are not an admin of the group " + jid);
        }
        return self;
    }

    private void set(Jid jid, String assignments, Object... values) {
        var parameters = new java.util.ArrayList<>(List.of(values));
        parameters.add(world.device());
        parameters.add(jid.toString());
        world.store()
                .write(tx -> tx.update(
                        "UPDATE sandbox_group SET " + assignments + " WHERE device = ? AND jid = ?",
                        parameters.toArray()));
    }

    private static String code() {
        var bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(bytes)
                .replace('-', 'A')
                .replace('_', 'B');
    }
}
