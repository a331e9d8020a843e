package gateway.engine.web.signal;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The message by which a member hands a sender key to another one: {@code 33 ‖ protobuf}, inside a session's message.
 */
record SenderKeyDistribution(int id, HashChain chain, CurvePublic signing) {
    byte[] write() {
        return new FieldWriter(SignalMessage.VERSION)
                .uint32(1, id)
                .uint32(2, chain.next())
                .bytes(3, chain.key().view())
                .bytes(4, signing.view())
                .written();
    }

    static SenderKeyDistribution read(byte[] wire) throws WireRefusal {
        SignalMessage.checkVersion(wire);
        Integer id = null;
        byte[] key = null;
        CurvePublic signing = null;
        int iteration = -1;
        FieldReader field = new FieldReader(wire, 1, wire.length);
        while (field.next()) {
            switch (field.number()) {
                case 1 -> id = field.uint32();
                case 2 -> iteration = SignalMessage.counter(field);
                case 3 -> key = field.bytes();
                case 4 -> signing = CurvePublic.ofTyped(field.bytes());
                default -> {} // an unknown field is skipped, as protobuf asks
            }
        }
        if (id == null || iteration < 0 || signing == null || key == null || key.length != Curve.KEY_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the distribution lacks an id, an iteration or a key of 32 bytes");
        }
        return new SenderKeyDistribution(id, new HashChain(Secret32.of(key), iteration), signing);
    }
}
