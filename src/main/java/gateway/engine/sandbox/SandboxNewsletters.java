package gateway.engine.sandbox;

import java.util.List;

import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.Newsletters;
import gateway.store.Tx;

/** The pretended channels. */
final class SandboxNewsletters implements Newsletters {
    private final World world;

    SandboxNewsletters(World world) {
        this.world = world;
    }

    @Override
    public List<Newsletter> list() {
        var _ = world.online().get();
        return world.store()
                .all(
                        row -> new Newsletter(
                                Jid.parse(row.text("jid")),
                                row.text("name"),
                                row.text("description"),
                                row.text("invite"),
                                row.number("subscribers"),
                                true,
                                row.flag("muted"),
                                row.text("role"),
                                row.number("created_at")),
                        "SELECT * FROM sandbox_newsletter WHERE device = ? ORDER BY name, jid",
                        world.device());
    }

    @Override
    public void unfollow(Jid newsletter) {
        var _ = world.online().get();
        world.store().write(tx -> {
            if (tx.delete(
                            "DELETE FROM sandbox_newsletter WHERE device = ? AND jid = ?",
                            world.device(),
                            newsletter.toString())
                    == 0) {
                throw World.missing("you do not follow the channel " + newsletter);
            }
            world.tell(
                    tx,
                    new Event.Newsletter(
                            Event.Newsletter.Change.LEFT,
                            newsletter,
                            "",
                            "subscriber",
                            "",
                            world.clock().millis()));
            return null;
        });
        world.wake().run();
    }

    /** Makes a channel the account follows, and tells of it. */
    void follow(Jid newsletter, String name, String description) {
        world.store().write(tx -> {
            put(tx, newsletter, name, description);
            world.tell(
                    tx,
                    new Event.Newsletter(
                            Event.Newsletter.Change.JOINED,
                            newsletter,
                            name,
                            description,
                            "",
                            world.clock().millis()));
            return null;
        });
        world.wake().run();
    }

    void put(Tx tx, Jid newsletter, String name, String description) {
        tx.insert(
                """
                INSERT INTO sandbox_newsletter (device, jid, name, description, invite, subscribers, role, created_at)
                VALUES (?, ?, ?, ?, ?, 1, 'subscriber', ?)
                ON CONFLICT (device, jid) DO UPDATE SET name = excluded.name, description = excluded.description""",
                world.device(),
                newsletter.toString(),
                name,
                description,
                "0029Va" + newsletter.user(),
                world.clock().millis());
    }

    void mute(Jid newsletter, boolean muted) {
        world.store()
                .write(tx -> tx.update(
                        "UPDATE sandbox_newsletter SET muted = ? WHERE device = ? AND jid = ?",
                        muted ? 1 : 0,
                        world.device(),
                        newsletter.toString()));
    }
}
