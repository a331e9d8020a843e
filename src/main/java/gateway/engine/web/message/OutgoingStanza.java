package gateway.engine.web.message;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.signal.SessionCipher.Encrypted;
import gateway.engine.web.signal.SessionCipher.Kind;

/**
 * The whole {@code <message>} of something sent, out of what was encrypted for each device (dossier web-2 §2.2, §2.4).
 */
public final class OutgoingStanza {
    private OutgoingStanza() {}

    /** What was encrypted for one device. */
    public record ForDevice(DeviceJid device, Encrypted sealed) {}

    /**
     * A message to one person.
     *
     * @param to       the person's LID when it is known, otherwise the number; without a device
     * @param number   the person's number when {@code to} is a LID
     * @param identity the account's ADVSignedDeviceIdentity, which goes along when a session is opened
     * @param more     what follows: reporting token, privacy token
     * @throws IllegalArgumentException when there is no device to send to
     */
    public static Node direct(
            String id,
            DeviceJid to,
            Optional<DeviceJid> number,
            StanzaKind kind,
            List<ForDevice> devices,
            byte[] identity,
            List<Node> more) {
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("a message to no device");
        }
        List<Node> content = new ArrayList<>();
        content.add(participants(devices, kind));
        opened(devices, identity).ifPresent(content::add);
        kind.meta().ifPresent(meta -> content.add(Node.of("meta").with(meta.getKey(), meta.getValue())));
        content.addAll(more);
        Node head = head(id, to, kind).withOptional("peer_recipient_pn", number);
        return head.holding(content);
    }

    /**
     * A message to a group: the sender key's message once, and the distribution of that key to devices that lack it.
     *
     * @param members      the members' devices, this one included: what the participant hash counts
     * @param lid          whether the group addresses its members by LID
     * @param distribution the message with the sender key's distribution, for each device that lacks it
     * @param sealed       the message under the sender key
     */
    public static Node group(
            String id,
            DeviceJid group,
            boolean lid,
            Collection<DeviceJid> members,
            StanzaKind kind,
            List<ForDevice> distribution,
            byte[] identity,
            byte[] sealed,
            List<Node> more) {
        List<Node> content = new ArrayList<>();
        if (!distribution.isEmpty()) {
            // Media type and meta stand for the content, which is under the sender key.
            content.add(participants(
                    distribution,
                    new StanzaKind(kind.type(), Optional.empty(), Optional.empty(), kind.hidden(), Optional.empty())));
        }
        opened(distribution, identity).ifPresent(content::add);
        kind.meta().ifPresent(meta -> content.add(Node.of("meta").with(meta.getKey(), meta.getValue())));
        Node enc = Node.of("enc").with("v", "2").with("type", "skmsg");
        content.add(kind.mediaType()
                .map(media -> enc.with("mediatype", media))
                .orElse(enc)
                .holding(sealed));
        content.addAll(more);
        Node head = head(id, group, kind)
                .with(
                        "phash",
                        ParticipantHash.of(members.stream().map(DeviceJid::text).toList()));
        return (lid ? head.with("addressing_mode", "lid") : head).holding(content);
    }

    private static Node head(String id, DeviceJid to, StanzaKind kind) {
        Node message = Node.of("message").with("id", id).with("to", to).with("type", kind.type());
        return kind.edit().map(edit -> message.with("edit", edit)).orElse(message);
    }

    private static Node participants(List<ForDevice> devices, StanzaKind kind) {
        return Node.of("participants")
                .holding(devices.stream()
                        .map(each -> Node.of("to").with("jid", each.device()).holding(enc(each.sealed(), kind)))
                        .toList());
    }

    private static Node enc(Encrypted sealed, StanzaKind kind) {
        Node enc =
                Node.of("enc").with("v", "2").with("type", sealed.kind().name().toLowerCase(Locale.ROOT));
        Node typed = kind.mediaType().map(media -> enc.with("mediatype", media)).orElse(enc);
        return (kind.hidden() ? typed.with("decrypt-fail", "hide") : typed).holding(sealed.wire());
    }

    private static Optional<Node> opened(List<ForDevice> devices, byte[] identity) {
        return devices.stream().anyMatch(each -> each.sealed().kind() == Kind.PKMSG)
                ? Optional.of(Node.of("device-identity").holding(identity))
                : Optional.empty();
    }
}
