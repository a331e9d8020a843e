package gateway.engine.sandbox;

import java.util.ArrayList;
import java.util.List;

import gateway.engine.Event;
import gateway.engine.Groups.Change;
import gateway.engine.Groups.Member;
import gateway.engine.Groups.Outcome;
import gateway.engine.Groups.Request;
import gateway.engine.Jid;
import gateway.store.Tx;

/** Who is in the pretended groups, and who would like to be. */
final class SandboxMembers {
    private final World world;

    SandboxMembers(World world) {
        this.world = world;
    }

    List<Member> of(Jid group) {
        return world.store()
                .all(
                        row -> new Member(
                                Jid.parse(row.text("jid")),
                                "",
                                row.text("name"),
                                row.number("rank") > 0,
                                row.number("rank") == 2),
                        """
                SELECT m.jid, m.rank, COALESCE(c.name, '') AS name FROM sandbox_member m
                LEFT JOIN sandbox_contact c ON c.device = m.device AND c.jid = m.jid
                WHERE m.device = ? AND m.team = ? AND m.asked_at IS NULL ORDER BY m.rank DESC, m.jid""",
                        world.device(),
                        group.toString());
    }

    /** Whether the person may remove others' messages: an administrator, or who made the group. */
    static boolean isAdmin(Tx tx, String device, Jid group, Jid person) {
        return tx.any(
                "SELECT 1 FROM sandbox_member WHERE device = ? AND team = ? AND jid = ? AND rank > 0 AND asked_at IS NULL",
                device,
                group.toString(),
                person.toString());
    }

    List<Request> requests(Jid group) {
        return world.store()
                .all(
                        row -> new Request(Jid.parse(row.text("jid")), row.number("asked_at")),
                        """
                SELECT jid, asked_at FROM sandbox_member WHERE device = ? AND team = ? AND asked_at IS NOT NULL
                ORDER BY asked_at, jid""",
                        world.device(),
                        group.toString());
    }

    /** Lets somebody in, or leaves them what they are. */
    void add(Tx tx, Jid group, Jid who, int rank) {
        tx.insert("""
                INSERT INTO sandbox_member (device, team, jid, rank) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, team, jid) DO UPDATE SET asked_at = NULL""", world.device(), group.toString(), who.toString(), rank);
    }

    void ask(Tx tx, Jid group, Jid who) {
        tx.insert(
                """
                INSERT INTO sandbox_member (device, team, jid, asked_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, team, jid) DO NOTHING""",
                world.device(),
                group.toString(),
                who.toString(),
                world.clock().millis());
    }

    long remove(Tx tx, Jid group, Jid who) {
        return tx.delete(
                "DELETE FROM sandbox_member WHERE device = ? AND team = ? AND jid = ?",
                world.device(),
                group.toString(),
                who.toString());
    }

    List<Outcome> change(Jid group, Change change, List<Jid> whom) {
        var event = switch (change) {
            case ADD -> Event.Members.Change.JOIN;
            case REMOVE -> Event.Members.Change.LEAVE;
            case PROMOTE -> Event.Members.Change.PROMOTE;
            case DEMOTE -> Event.Members.Change.DEMOTE;
        };
        var outcomes = world.store().write(tx -> {
            var all = new ArrayList<Outcome>();
            for (var who : whom) {
                all.add(
                        change == Change.ADD
                                ? add(tx, group, who)
                                : outcome(who, apply(tx, group, change, who) > 0, "Success", "is not in the group"));
            }
            tell(tx, group, event, all);
            return all;
        });
        world.wake().run();
        return outcomes;
    }

    private Outcome add(Tx tx, Jid group, Jid who) {
        if (!World.isOnWhatsApp(who)) {
            return new Outcome(who, false, Outcome.ABSENT, "is not on WhatsApp");
        }
        boolean there = tx.any(
                "SELECT 1 FROM sandbox_member WHERE device = ? AND team = ? AND jid = ? AND asked_at IS NULL",
                world.device(),
                group.toString(),
                who.toString());
        add(tx, group, who, 0);
        return there
                ? new Outcome(who, false, Outcome.ALREADY, "is in the group already")
                : new Outcome(who, true, Outcome.DONE, "Participant added");
    }

    private long apply(Tx tx, Jid group, Change change, Jid who) {
        return switch (change) {
            case REMOVE -> remove(tx, group, who);
            case PROMOTE -> rank(tx, group, who, 1);
            case DEMOTE -> rank(tx, group, who, 0);
            case ADD -> throw new IllegalStateException("added elsewhere");
        };
    }

    private long rank(Tx tx, Jid group, Jid who, int rank) {
        return tx.update("""
                UPDATE sandbox_member SET rank = ? WHERE device = ? AND team = ? AND jid = ? AND asked_at IS NULL AND rank < 2""", rank, world.device(), group.toString(), who.toString());
    }

    List<Outcome> answer(Jid group, boolean approve, List<Jid> whom) {
        var outcomes = world.store().write(tx -> {
            var all = new ArrayList<Outcome>();
            for (var who : whom) {
                var sql = (approve ? "UPDATE sandbox_member SET asked_at = NULL" : "DELETE FROM sandbox_member")
                        + " WHERE device = ? AND team = ? AND jid = ? AND asked_at IS NOT NULL";
                long done = tx.run(sql, world.device(), group.toString(), who.toString());
                all.add(outcome(who, done > 0, approve ? "Approved" : "Rejected", "has not asked to join"));
            }
            if (approve) {
                tell(tx, group, Event.Members.Change.JOIN, all);
            }
            return all;
        });
        world.wake().run();
        return outcomes;
    }

    private void tell(Tx tx, Jid group, Event.Members.Change change, List<Outcome> outcomes) {
        var done = outcomes.stream().filter(Outcome::done).map(Outcome::member).toList();
        if (!done.isEmpty()) {
            world.tell(tx, new Event.Members(group, change, done, world.clock().millis()));
        }
    }

    private static Outcome outcome(Jid who, boolean done, String yes, String no) {
        return new Outcome(who, done, done ? Outcome.DONE : Outcome.ABSENT, done ? yes : no);
    }
}
