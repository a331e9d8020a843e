package gateway.engine.sandbox;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import gateway.engine.Jid;
import gateway.engine.Marks;
import gateway.engine.Presence;
import gateway.engine.Profile;

/** What the account notes, shows and sets on the pretended WhatsApp; each leaves a deed for the tester to look at. */
final class SandboxDeeds implements Marks, Presence, Profile {
    private final World world;
    private final SandboxGroups groups;

    SandboxDeeds(World world, SandboxGroups groups) {
        this.world = world;
        this.groups = groups;
    }

    /** Something the account did; {@code at} is epoch milliseconds. */
    public record Deed(String deed, String subject, String detail, long at) {}

    /** The newest, first; what the account sent is among them, with the message's id as its detail. */
    List<Deed> newest(int most) {
        var noted = list("SELECT deed, subject, detail, done_at FROM sandbox_deed", most);
        var sent = list("SELECT 'send', chat, wire_id, taken_at FROM sandbox_ledger", most);
        return Stream.concat(noted.stream(), sent.stream())
                .sorted(Comparator.comparingLong(Deed::at).reversed())
                .limit(most)
                .toList();
    }

    private List<Deed> list(String select, int most) {
        return world.store()
                .all(
                        row -> new Deed(row.text(1), row.text(2), row.text(3), row.number(4)),
                        select + " WHERE device = ? ORDER BY seq DESC LIMIT ?",
                        world.device(),
                        most);
    }

    @Override
    public void read(Jid chat, Jid sender, List<String> messages) {
        note("read", chat.toString(), String.join(",", messages));
    }

    @Override
    public void star(Jid chat, String message, boolean fromMe, boolean starred) {
        note(starred ? "star" : "unstar", chat.toString(), message);
    }

    @Override
    public void delete(Jid chat, String message, boolean fromMe) {
        note("delete", chat.toString(), message);
    }

    @Override
    public void pin(Jid chat, boolean pinned) {
        note(pinned ? "pin" : "unpin", chat.toString(), "");
    }

    @Override
    public void archive(Jid chat, boolean archived) {
        note(archived ? "archive" : "unarchive", chat.toString(), "");
    }

    @Override
    public void label(Jid chat, String labelId, String name, boolean labeled) {
        note(labeled ? "label" : "unlabel", chat.toString(), labelId);
    }

    @Override
    public void disappearing(Jid chat, long seconds) {
        if (chat.isGroup()) {
            groups.ephemeral(chat, seconds);
        }
        note("disappearing", chat.toString(), Long.toString(seconds));
    }

    @Override
    public void available(boolean available) {
        note(available ? "available" : "unavailable", "", "");
    }

    @Override
    public void typing(Jid chat, boolean composing) {
        note(composing ? "typing" : "typing_stopped", chat.toString(), "");
    }

    @Override
    public void rejectCall(Jid caller, String callId) {
        note("reject_call", caller.toString(), callId);
    }

    @Override
    public void pushName(String name) {
        var _ = world.online().get();
        world.store()
                .write(tx ->
                        tx.update("UPDATE sandbox_account SET push_name = ? WHERE device = ?", name, world.device()));
    }

    @Override
    public void avatar(Path jpeg) {
        var _ = world.online().get();
        var old = world.store()
                .one(row -> row.text("avatar"), "SELECT avatar FROM sandbox_account WHERE device = ?", world.device())
                .orElse("");
        var id = world.picture(jpeg);
        world.store()
                .write(tx -> tx.update("UPDATE sandbox_account SET avatar = ? WHERE device = ?", id, world.device()));
        world.drop(old);
    }

    @Override
    public Privacy privacy() {
        var _ = world.online().get();
        return new Privacy("all", "contacts", "contacts", "all", "all");
    }

    private void note(String deed, String subject, String detail) {
        var _ = world.online().get();
        world.deed(deed, subject, detail);
    }
}
