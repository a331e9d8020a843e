package gateway.engine.web.receive;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.PreKeyBundle.OneTime;

/**
 * What others may know of this device's keys, as stanzas carry it (web-2 §1.2).
 *
 * @param registrationId 32 bits, unsigned
 * @param signedPreKeyId 24 bits
 * @param signedIdentity the ADVSignedDeviceIdentity that pairing gave
 */
public record PublicKeys(
        int registrationId,
        CurvePublic identity,
        int signedPreKeyId,
        CurvePublic signedPreKey,
        byte[] signature,
        byte[] signedIdentity) {
    private static final byte[] TYPE = {5};

    /**
     * The request that hands one-time pre-keys to the server. Their private halves are stored before. It lacks its id.
     */
    public Node upload(List<OneTime> keys) {
        return Node.of("iq")
                .with("type", "set")
                .with("xmlns", "encrypt")
                .with("to", DeviceJid.SERVER)
                .holding(
                        registration(),
                        Node.of("type").holding(TYPE),
                        Node.of("identity").holding(identity.raw()),
                        Node.of("list")
                                .holding(keys.stream().map(PublicKeys::oneTime).toList()),
                        signed());
    }

    Node registration() {
        return Node.of("registration")
                .holding(ByteBuffer.allocate(Integer.BYTES)
                        .putInt(registrationId)
                        .array());
    }

    /** The keys that let somebody open a new session with this device. */
    Node keys(OneTime fresh) {
        List<Node> parts = new ArrayList<>(List.of(
                Node.of("type").holding(TYPE),
                Node.of("identity").holding(identity.raw()),
                oneTime(fresh),
                signed(),
                Node.of("device-identity").holding(signedIdentity)));
        return Node.of("keys").holding(parts);
    }

    private Node signed() {
        return Node.of("skey")
                .holding(
                        id(signedPreKeyId),
                        Node.of("value").holding(signedPreKey.raw()),
                        Node.of("signature").holding(signature));
    }

    private static Node oneTime(OneTime key) {
        return Node.of("key")
                .holding(id(key.id()), Node.of("value").holding(key.key().raw()));
    }

    private static Node id(int id) {
        byte[] whole = ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
        return Node.of("id").holding(Arrays.copyOfRange(whole, 1, Integer.BYTES));
    }
}
