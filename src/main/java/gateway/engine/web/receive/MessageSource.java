package gateway.engine.web.receive;

import java.time.Instant;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * Who wrote a {@code <message>}, to which chat (web-2 §3.1). A hosted device stands for its person: its server becomes
 * the ordinary one.
 *
 * @param chat               without a device
 * @param sender             with its device
 * @param senderAlternate    the same device by the person's other address; never an address of our own for a stranger
 * @param recipientAlternate the other address of the person to whom our own account wrote
 * @param listOwner          who sent to a broadcast list
 * @param addressing         {@code lid}, {@code pn}, or empty
 * @param serverId           a newsletter's number of the message; 0 elsewhere
 */
public record MessageSource(
        String id,
        String type,
        Instant time,
        DeviceJid chat,
        DeviceJid sender,
        Optional<DeviceJid> senderAlternate,
        Optional<DeviceJid> recipientAlternate,
        Optional<DeviceJid> listOwner,
        boolean fromMe,
        boolean isGroup,
        String addressing,
        String category,
        String edit,
        String pushName,
        long serverId) {
    /** The longest id in characters. Whoever writes chooses the id, and replies of the API repeat it in a header. */
    private static final int MAX_ID = 128;

    /**
     * The source of a message.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a stanza without id, time or sender, for one with an id that is too
     *     long, and for one by a stranger that names a recipient
     */
    public static MessageSource of(Node message, OwnAddress own) throws WireRefusal {
        DeviceJid from = message.requiredJid("from");
        return switch (from.server()) {
            case DeviceJid.GROUP, DeviceJid.BROADCAST -> inGroup(message, from, own);
            case DeviceJid.NEWSLETTER -> stranger(message, from, from);
            default -> {
                if (from.user().isEmpty()) {
                    throw new WireRefusal(Reason.MALFORMED, "a message comes from no person");
                }
                yield own.includes(from)
                        ? own(message, from)
                        : from.isBot() ? bot(message, from) : person(message, from, own);
            }
        };
    }

    private static MessageSource inGroup(Node message, DeviceJid from, OwnAddress own) throws WireRefusal {
        DeviceJid sender = message.requiredJid("participant");
        boolean fromMe = own.includes(sender);
        Optional<DeviceJid> owner =
                from.server().equals(DeviceJid.BROADCAST) ? message.jid("recipient") : Optional.empty();
        return new Parts(message, from, ordinary(sender))
                .alternate(alternate(message, sender, "participant", own, fromMe))
                .source(fromMe, true, Optional.empty(), owner);
    }

    private static MessageSource own(Node message, DeviceJid from) throws WireRefusal {
        DeviceJid chat = message.jid("recipient").orElse(from).withoutDevice();
        Optional<DeviceJid> other = message.jid(isLid(chat) ? "peer_recipient_pn" : "peer_recipient_lid")
                .filter(jid -> isOther(jid, chat))
                .map(DeviceJid::withoutDevice);
        return new Parts(message, ordinary(chat), ordinary(from)).source(true, false, other, Optional.empty());
    }

    private static MessageSource bot(Node message, DeviceJid from) throws WireRefusal {
        Optional<Node> meta = message.child("meta");
        Optional<DeviceJid> chat =
                meta.isEmpty() ? Optional.empty() : meta.get().jid("target_chat_jid");
        return stranger(message, chat.orElse(from).withoutDevice(), from);
    }

    private static MessageSource person(Node message, DeviceJid from, OwnAddress own) throws WireRefusal {
        if (message.attribute("recipient").isPresent()) {
            throw new WireRefusal(Reason.MALFORMED, "a stranger's message names a recipient");
        }
        DeviceJid sender = ordinary(from);
        return new Parts(message, sender.withoutDevice(), sender)
                .alternate(alternate(message, from, "sender", own, false))
                .source(false, false, Optional.empty(), Optional.empty());
    }

    private static MessageSource stranger(Node message, DeviceJid chat, DeviceJid from) throws WireRefusal {
        return new Parts(message, chat, from).source(false, false, Optional.empty(), Optional.empty());
    }

    /** The sender by the other kind of address, on the sender's device. */
    private static Optional<DeviceJid> alternate(
            Node message, DeviceJid sender, String whose, OwnAddress own, boolean fromMe) throws WireRefusal {
        return message.jid(whose + (isLid(sender) ? "_pn" : "_lid"))
                .filter(jid -> isOther(jid, sender) && own.includes(jid) == fromMe)
                .map(jid -> jid.device() == 0 ? jid.withDevice(sender.device()) : jid);
    }

    private static boolean isOther(DeviceJid jid, DeviceJid known) {
        return jid.isPerson() && known.isPerson() && isLid(jid) != isLid(known);
    }

    private static boolean isLid(DeviceJid jid) {
        return jid.server().equals(DeviceJid.LID) || jid.server().equals(DeviceJid.HOSTED_LID);
    }

    private static DeviceJid ordinary(DeviceJid jid) {
        return switch (jid.server()) {
            case DeviceJid.HOSTED -> DeviceJid.of(jid.user(), jid.device(), DeviceJid.PHONE);
            case DeviceJid.HOSTED_LID -> DeviceJid.of(jid.user(), jid.device(), DeviceJid.LID);
            default -> jid;
        };
    }

    /** What every kind of message has. */
    private record Parts(Node message, DeviceJid chat, DeviceJid sender, Optional<DeviceJid> alternate) {
        Parts(Node message, DeviceJid chat, DeviceJid sender) {
            this(message, chat, sender, Optional.empty());
        }

        Parts alternate(Optional<DeviceJid> other) {
            return new Parts(message, chat, sender, other);
        }

        MessageSource source(
                boolean fromMe, boolean isGroup, Optional<DeviceJid> recipientAlternate, Optional<DeviceJid> listOwner)
                throws WireRefusal {
            message.required("t");
            String id = message.required("id");
            if (id.length() > MAX_ID) {
                throw new WireRefusal(Reason.MALFORMED, "a message's id has " + id.length() + " characters");
            }
            return new MessageSource(
                    id,
                    text("type"),
                    StanzaTime.of(message),
                    chat,
                    sender,
                    alternate,
                    recipientAlternate,
                    listOwner,
                    fromMe,
                    isGroup,
                    text("addressing_mode"),
                    text("category"),
                    text("edit"),
                    text("notify"),
                    message.number("server_id").orElse(0L));
        }

        private String text(String name) {
            return message.attribute(name).orElse("");
        }
    }
}
