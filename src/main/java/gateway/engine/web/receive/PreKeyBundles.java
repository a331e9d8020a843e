package gateway.engine.web.receive;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.signal.Curve;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.XEdDsa;

/**
 * Other devices' keys: the question, and the reading of bundles in its answer and in retry receipts (web-2 §1.2).
 * Whether a bundle's signature is valid is checked where a session is opened from it.
 */
public final class PreKeyBundles {
    private static final int REGISTRATION_BYTES = 4;
    private static final int ID_BYTES = 3;

    private PreKeyBundles() {}

    /** The question after one bundle of each device. It lacks its id. */
    public static Node question(Collection<DeviceJid> devices) {
        List<Node> users = devices.stream()
                .map(device -> Node.of("user").with("jid", device).with("reason", "identity"))
                .toList();
        return Node.of("iq")
                .with("type", "get")
                .with("xmlns", "encrypt")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("key").holding(users));
    }

    /**
     * The bundle in a {@code <user>} of an answer, or in a retry receipt, whose keys stand in a {@code <keys>}.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a part that is missing or of another length, and for an error of the
     *     server's in the bundle's place
     */
    public static PreKeyBundle read(Node user) throws WireRefusal {
        if (user.child("error").isPresent()) {
            throw new WireRefusal(
                    Reason.MALFORMED,
                    "the server has no bundle of the device: "
                            + user.requiredChild("error").attribute("code").orElse("no code"));
        }
        int registrationId = ByteBuffer.wrap(user.requiredChild("registration").bytes(REGISTRATION_BYTES))
                .getInt();
        Node keys = user.child("keys").orElse(user);
        Node signed = keys.requiredChild("skey");
        Optional<Node> oneTime = keys.child("key");
        return new PreKeyBundle(
                registrationId,
                key(keys, "identity"),
                id(signed),
                key(signed, "value"),
                signed.requiredChild("signature").bytes(XEdDsa.SIGNATURE_BYTES),
                oneTime.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PreKeyBundle.OneTime(id(oneTime.get()), key(oneTime.get(), "value"))));
    }

    private static int id(Node key) throws WireRefusal {
        byte[] bytes = key.requiredChild("id").bytes(ID_BYTES);
        return ByteBuffer.allocate(Integer.BYTES)
                .put((byte) 0)
                .put(bytes)
                .flip()
                .getInt();
    }

    private static CurvePublic key(Node parent, String tag) throws WireRefusal {
        return CurvePublic.of(parent.requiredChild(tag).bytes(Curve.KEY_BYTES));
    }
}
