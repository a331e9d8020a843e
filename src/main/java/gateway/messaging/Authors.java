package gateway.messaging;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import gateway.digest.Sha256;
import gateway.engine.Content;
import gateway.engine.Engine;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.process.Seldom;
import gateway.store.Row;
import gateway.store.Tx;

/**
 * Who wrote the messages of one account, and so who may change them or say how far they came. WhatsApp's server reads
 * no message: any client can name any message's id, and the receiving client alone checks the claim (web-2 §4).
 */
final class Authors {
    /** Messages that one statement asks for, when there is more than one. */
    private static final int ASKED = 16;

    private static final String ORIGINAL = originals(1);
    private static final String ORIGINALS = originals(ASKED);

    private static final int MARK_BYTES = 4;

    private final String device;
    private final Optional<Engine> engine;
    private final Seldom log = new Seldom(Authors.class);

    /** @param engine knows persons and administrators; empty when this process does not offer it */
    Authors(String device, Optional<Engine> engine) {
        this.device = device;
        this.engine = engine;
    }

    /** A message that is kept, or that is in the outbox; {@code sender} and {@code chat} are addresses. */
    private record Original(String id, String chat, String sender, boolean fromMe) {
        static Original of(Row row) {
            return new Original(row.text(1), row.text(2), row.text(3), row.number(4) == 1);
        }
    }

    /**
     * The chat in which the message of a change is kept, when the change counts. It is the change's own chat, or the
     * same person's chat under the other address; a message that is not kept anywhere is changed nowhere.
     *
     * <p>An edit counts from the author, and a revocation from the author or, in a group, from an administrator. A
     * revocation by this account in a group counts too, because WhatsApp takes that from administrators only. A
     * reaction always counts, because a chat keeps it under its sender and beside the message.
     *
     * @param sender the address of who makes the change
     * @param fromMe whether this account makes it, on whatever device
     * @return empty when the change is refused
     */
    Optional<Jid> place(Tx tx, Jid chat, Jid sender, boolean fromMe, Content.Change change) {
        var all = originals(tx, List.of(change.target()));
        var here = all.stream().filter(one -> isSame(tx, one.chat, chat)).toList();
        var place = here.isEmpty() ? chat : address(here.getFirst().chat);
        boolean counts = switch (change) {
            case Content.Reaction reaction -> true;
            case Content.Edit edit -> all.isEmpty() || isAuthor(tx, here, sender, fromMe);
            case Content.Revoke revoke ->
                all.isEmpty()
                        || isAuthor(tx, here, sender, fromMe)
                        || !here.isEmpty() && chat.isGroup() && (fromMe || isAdmin(tx, chat, sender));
        };
        if (!counts) {
            log.log(
                    Level.WARNING,
                    "an incoming " + change.kind() + " of account " + device
                            + " is refused, because its sender is not the author of the message");
        }
        return counts ? Optional.of(place) : Optional.empty();
    }

    /** Whether every message that has the id in this chat is the sender's; there is at least one. */
    private boolean isAuthor(Tx tx, List<Original> here, Jid sender, boolean fromMe) {
        return !here.isEmpty() && here.stream().allMatch(one -> wrote(tx, one, sender, fromMe));
    }

    private boolean wrote(Tx tx, Original one, Jid sender, boolean fromMe) {
        return one.fromMe == fromMe && (fromMe || isSame(tx, one.sender, sender));
    }

    private boolean isAdmin(Tx tx, Jid group, Jid person) {
        return engine.filter(known -> known.isAdmin(device, tx, group, person)).isPresent();
    }

    /**
     * The message under an id that no other author's message of the chat has. A message that reuses a known id, which
     * only a changed client sends, gets a longer one: it replaces nothing and is not lost.
     */
    Event.Message told(Tx tx, Event.Message message) {
        boolean taken = originals(tx, List.of(message.id())).stream()
                .anyMatch(one ->
                        isSame(tx, one.chat, message.chat()) && !wrote(tx, one, message.sender(), message.fromMe()));
        if (!taken) {
            return message;
        }
        log.log(
                Level.WARNING,
                "an incoming message of account " + device
                        + " is kept under a longer id, because another author's message has its id");
        return new Event.Message(
                message.id() + "." + mark(message.sender()),
                message.chat(),
                message.sender(),
                message.fromMe(),
                message.pushName(),
                message.content(),
                message.at());
    }

    /** The same for the same sender, so that a message that comes twice is recognised. */
    private static String mark(Jid sender) {
        return HexFormat.of().formatHex(Sha256.of(sender.toString()), 0, MARK_BYTES);
    }

    /**
     * The receipt without the messages of which its sender cannot know anything: those of other chats, and those that
     * are not ours. A receipt of this account's own devices stays whole.
     *
     * @return empty when no message is left
     */
    Optional<Event.Receipt> believed(Tx tx, Event.Receipt receipt) {
        if (receipt.kind() == Event.Receipt.Kind.READ_SELF) {
            return Optional.of(receipt);
        }
        var all = originals(tx, receipt.ids());
        var ids = receipt.ids().stream()
                .filter(id -> isPlausible(
                        tx, all.stream().filter(one -> one.id.equals(id)).toList(), receipt.chat()))
                .toList();
        if (ids.size() == receipt.ids().size()) {
            return Optional.of(receipt);
        }
        log.log(
                Level.WARNING,
                "an incoming receipt of account " + device
                        + " is refused, because its messages are of another chat or author");
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event.Receipt(ids, receipt.chat(), receipt.sender(), receipt.kind(), receipt.at()));
    }

    private boolean isPlausible(Tx tx, List<Original> all, Jid chat) {
        return all.isEmpty() || all.stream().anyMatch(one -> one.fromMe && isSame(tx, one.chat, chat));
    }

    /** The statement that asks for so many ids. */
    private static String originals(int ids) {
        return """
                SELECT id, chat, sender, from_me FROM message WHERE device = ? AND id IN (%1$s)
                UNION ALL SELECT message_id, chat, sender, 1 FROM outbox WHERE device = ? AND message_id IN (%1$s)""".formatted(String.join(", ", Collections.nCopies(ids, "?")));
    }

    /** The messages of these ids in all chats, in any order. Nearly always it is one id, and each parameter costs time. */
    private List<Original> originals(Tx tx, List<String> ids) {
        if (ids.size() == 1) {
            return tx.all(Original::of, ORIGINAL, device, ids.getFirst(), device, ids.getFirst());
        }
        var all = new ArrayList<Original>();
        for (int from = 0; from < ids.size(); from += ASKED) {
            var parameters = new ArrayList<Object>();
            for (int half = 0; half < 2; half++) {
                parameters.add(device);
                for (int i = 0; i < ASKED; i++) {
                    parameters.add(ids.get(Math.min(from + i, ids.size() - 1)));
                }
            }
            all.addAll(tx.all(Original::of, ORIGINALS, parameters.toArray()));
        }
        return all;
    }

    /** Whether the two are one chat or person: the same address, or a person's LID and number. */
    private boolean isSame(Tx tx, String stored, Jid given) {
        var one = address(stored);
        var other = new Jid(given.user(), given.server());
        return one.equals(other)
                || one.isUser()
                        && other.isUser()
                        && !one.server().equals(other.server())
                        && engine.flatMap(known -> known.otherAddress(device, tx, other))
                                .filter(one::equals)
                                .isPresent();
    }

    /** Reads an address that was stored, of whatever server, without its device. */
    private static Jid address(String stored) {
        int at = stored.indexOf('@');
        var user = stored.substring(0, at);
        int colon = user.indexOf(':');
        return new Jid(colon < 0 ? user : user.substring(0, colon), stored.substring(at + 1));
    }
}
