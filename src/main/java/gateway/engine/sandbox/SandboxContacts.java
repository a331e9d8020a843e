package gateway.engine.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.engine.Contacts;
import gateway.engine.Jid;
import gateway.engine.Session.UserInfo;

/** The pretended address book. Everybody with WhatsApp has a picture; businesses are those the scenario made so. */
final class SandboxContacts implements Contacts {
    private static final String HELLO = "Hey there! I am in the sandbox.";
    private static final List<String> WEEK =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private final World world;

    SandboxContacts(World world) {
        this.world = world;
    }

    @Override
    public List<Contact> list() {
        var _ = world.online().get();
        return world.store()
                .all(
                        row -> new Contact(Jid.parse(row.text("jid")), row.text("name")),
                        "SELECT jid, name FROM sandbox_contact WHERE device = ? ORDER BY name, jid",
                        world.device());
    }

    @Override
    public Optional<Avatar> avatar(Jid whose, boolean preview, boolean community) {
        var self = world.online().get();
        if (community) {
            // The sandbox has no communities. The question is noted, because WhatsApp would hear of the community, too.
            world.deed("community_picture", whose.toString(), "");
        }
        var type = preview ? "preview" : "image";
        if (whose.isGroup()) {
            return picture(
                            "SELECT avatar FROM sandbox_group WHERE device = ? AND jid = ?",
                            world.device(),
                            whose.toString())
                    .map(id -> new Avatar(id, id, type));
        }
        if (!World.isOnWhatsApp(whose)) {
            return Optional.empty();
        }
        if (whose.equals(self)) {
            return picture("SELECT avatar FROM sandbox_account WHERE device = ?", world.device())
                    .map(id -> new Avatar(id, id, type));
        }
        var kept = picture(
                "SELECT avatar FROM sandbox_contact WHERE device = ? AND jid = ?", world.device(), whose.toString());
        var id = kept.orElseGet(() -> draw(whose));
        return Optional.of(new Avatar(id, id, type));
    }

    private Optional<String> picture(String sql, Object... keys) {
        return world.store().one(row -> row.text("avatar"), sql, keys).filter(id -> !id.isEmpty());
    }

    private String draw(Jid whose) {
        var id = Portrait.of(whose, world);
        world.store().write(tx -> tx.insert("""
                INSERT INTO sandbox_contact (device, jid, name, avatar) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, jid) DO UPDATE SET avatar = excluded.avatar""", world.device(), whose.toString(), whose.user(), id));
        return id;
    }

    @Override
    public Optional<Business> business(Jid user) {
        var _ = world.online().get();
        return world.store()
                .one(
                        row -> row.text("name"),
                        "SELECT name FROM sandbox_contact WHERE device = ? AND jid = ? AND business = 1",
                        world.device(),
                        user.toString())
                .map(name -> new Business(
                        user,
                        "hello@shop.example",
                        "1 Sandbox Street",
                        Map.of("retail", "Retail"),
                        Map.of("website", "https://shop.example", "description", name),
                        "UTC",
                        WEEK.stream()
                                .map(day -> day.startsWith("s")
                                        ? new Hours(day, "closed", "", "")
                                        : new Hours(day, "open", "09:00", "18:00"))
                                .toList()));
    }

    /** What WhatsApp tells of a person who has it. */
    UserInfo info(Jid user) {
        return new UserInfo(
                verifiedName(user), about(user), pictureId(user), World.lid(user), List.of(user, user.device(1)));
    }

    /** What the person wrote about themselves. */
    private String about(Jid user) {
        return world.store()
                .one(
                        row -> row.text("about"),
                        "SELECT about FROM sandbox_contact WHERE device = ? AND jid = ? AND about <> ''",
                        world.device(),
                        user.toString())
                .orElse(HELLO);
    }

    /** The name a business was verified under; empty for people. */
    private String verifiedName(Jid user) {
        return world.store()
                .one(
                        row -> row.flag("business") ? row.text("name") : "",
                        "SELECT name, business FROM sandbox_contact WHERE device = ? AND jid = ?",
                        world.device(),
                        user.toString())
                .orElse("");
    }

    private String pictureId(Jid user) {
        return picture(
                        "SELECT avatar FROM sandbox_contact WHERE device = ? AND jid = ?",
                        world.device(),
                        user.toString())
                .orElse("");
    }

    /** Puts a person into the address book, or changes what is there. */
    void put(Jid user, String name, String about, boolean business) {
        world.store().write(tx -> tx.insert("""
                INSERT INTO sandbox_contact (device, jid, name, about, business) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (device, jid) DO UPDATE SET name = excluded.name, about = excluded.about,
                    business = excluded.business""", world.device(), user.toString(), name, about, business ? 1 : 0));
    }
}
