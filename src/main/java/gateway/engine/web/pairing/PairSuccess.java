package gateway.engine.web.pairing;

import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The phone's agreement, as the server brings it (web-1 §4.2). Nothing in it is believed before {@link #accept} has
 * checked it.
 */
public record PairSuccess(
        String id,
        DeviceJid jid,
        Optional<DeviceJid> lid,
        String platform,
        String businessName,
        byte[] deviceIdentity) {
    private static final int NOT_AUTHORIZED = 401;
    private static final int INTERNAL_ERROR = 500;

    /**
     * The agreement in a stanza, if it holds one.
     *
     * @throws WireRefusal ({@code MALFORMED}) for one that lacks its parts
     */
    public static Optional<PairSuccess> of(Node stanza) throws WireRefusal {
        Optional<Node> success = stanza.is("iq") ? stanza.child("pair-success") : Optional.empty();
        if (success.isEmpty()) {
            return Optional.empty();
        }
        Node device = success.get().requiredChild("device");
        DeviceJid jid = device.requiredJid("jid");
        Optional<DeviceJid> lid = device.jid("lid");
        if (!isOwnDevice(jid, DeviceJid.PHONE) || lid.isPresent() && !isOwnDevice(lid.get(), DeviceJid.LID)) {
            throw new WireRefusal(Reason.MALFORMED, "<device> names no device of an account");
        }
        return Optional.of(new PairSuccess(
                stanza.required("id"),
                jid,
                lid,
                name(success.get(), "platform"),
                name(success.get(), "biz"),
                success.get().requiredChild("device-identity").bytes()));
    }

    private static boolean isOwnDevice(DeviceJid jid, String server) {
        return jid.server().equals(server)
                && !jid.user().isEmpty()
                && jid.device() > 0
                && jid.user().chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static String name(Node success, String tag) {
        return success.child(tag).flatMap(child -> child.attribute("name")).orElse("");
    }

    /**
     * Checks and countersigns the agreement.
     *
     * @return the credentials to be stored before the answer is sent
     * @throws WireRefusal as {@link DeviceIdentity#accept} does; then {@link #refusal} is the answer
     */
    public Linked accept(DeviceCredentials credentials, RandomGenerator random) throws WireRefusal {
        DeviceIdentity identity =
                DeviceIdentity.accept(deviceIdentity, credentials.advSecret(), credentials.identity(), random);
        DeviceCredentials paired = credentials.withPaired(
                new DeviceCredentials.Paired(jid, lid, platform, businessName, identity.signed(), identity.account()));
        Node answer = Node.of("iq")
                .with("type", "result")
                .with("to", DeviceJid.SERVER)
                .with("id", id)
                .holding(Node.of("pair-device-sign")
                        .holding(Node.of("device-identity")
                                .with("key-index", identity.keyIndex())
                                .holding(identity.reply())));
        return new Linked(paired, answer);
    }

    /** The answer to an agreement that was refused. */
    public Node refusal(WireRefusal why) {
        boolean mismatch = why.reason() == Reason.BAD_MAC || why.reason() == Reason.BAD_SIGNATURE;
        return Node.of("iq")
                .with("type", "error")
                .with("to", DeviceJid.SERVER)
                .with("id", id)
                .holding(Node.of("error")
                        .with("code", mismatch ? NOT_AUTHORIZED : INTERNAL_ERROR)
                        .with("text", mismatch ? why.getMessage() : "internal-error"));
    }

    /** A paired device: what to store, and then what to answer. */
    public record Linked(DeviceCredentials credentials, Node answer) {}
}
