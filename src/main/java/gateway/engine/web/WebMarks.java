package gateway.engine.web;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Marks;
import gateway.engine.Profile;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.receive.ReadReceipts;

/** The marks that this engine can make: reads. */
final class WebMarks implements Marks {
    private static final String OFF = "none";

    private final People people;
    private final Profile profile;
    private final Supplier<WebConnection> line;
    private final InstantSource clock;
    /** The connection by which WhatsApp was asked whether the person wants read receipts, and its answer. */
    private @Nullable WebConnection askedBy;

    private boolean receiptsOff;

    /** @param line the open connection; refuses when it is down */
    WebMarks(People people, Profile profile, Supplier<WebConnection> line, InstantSource clock) {
        this.people = people;
        this.profile = profile;
        this.line = line;
        this.clock = clock;
    }

    @Override
    public void read(Jid chat, Jid sender, List<String> messages) {
        WebConnection open = line.get();
        DeviceJid filed = people.filed(DeviceJid.of(chat.user(), chat.server()));
        DeviceJid author = people.filed(DeviceJid.of(sender.user(), sender.server()));
        for (Node receipt : ReadReceipts.of(
                ReadReceipts.reading(filed, chat.isUser() && isOff(open)),
                filed,
                Optional.of(author),
                messages,
                clock.instant())) {
            Asking.say(receipt, open);
        }
    }

    /** Whether the person has switched read receipts off: asked once for each connection. */
    private synchronized boolean isOff(WebConnection open) {
        if (askedBy != open) {
            receiptsOff = profile.privacy().readReceipts().equals(OFF);
            askedBy = open;
        }
        return receiptsOff;
    }

    @Override
    public void star(Jid chat, String message, boolean fromMe, boolean starred) {
        throw EngineRefusal.unsupported("stars on messages");
    }

    @Override
    public void delete(Jid chat, String message, boolean fromMe) {
        throw EngineRefusal.unsupported("messages that are removed from one account only");
    }

    @Override
    public void pin(Jid chat, boolean pinned) {
        throw EngineRefusal.unsupported("pinned chats");
    }

    @Override
    public void archive(Jid chat, boolean archived) {
        throw EngineRefusal.unsupported("archived chats");
    }

    @Override
    public void label(Jid chat, String labelId, String name, boolean labeled) {
        throw EngineRefusal.unsupported("labels");
    }

    @Override
    public void disappearing(Jid chat, long seconds) {
        throw EngineRefusal.unsupported("chat timers");
    }
}
