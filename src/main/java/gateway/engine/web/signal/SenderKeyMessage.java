package gateway.engine.web.signal;

import java.util.Arrays;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A message to a group: {@code 33 ‖ protobuf ‖ signature}, without a MAC.
 *
 * @param signed the bytes that the signature covers: version and protobuf
 */
record SenderKeyMessage(int id, int iteration, byte[] body, byte[] signed, byte[] signature) {
    static byte[] write(int id, int iteration, byte[] body, Secret32 signing, RandomGenerator random) {
        byte[] signed = new FieldWriter(SignalMessage.VERSION)
                .uint32(1, id)
                .uint32(2, iteration)
                .bytes(3, body)
                .written();
        byte[] wire = Arrays.copyOf(signed, signed.length + XEdDsa.SIGNATURE_BYTES);
        System.arraycopy(XEdDsa.sign(signing.view(), signed, random), 0, wire, signed.length, XEdDsa.SIGNATURE_BYTES);
        return wire;
    }

    static SenderKeyMessage read(byte[] wire) throws WireRefusal {
        SignalMessage.checkVersion(wire);
        if (wire.length <= 1 + XEdDsa.SIGNATURE_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the message is shorter than its signature");
        }
        int end = wire.length - XEdDsa.SIGNATURE_BYTES;
        Integer id = null;
        byte[] body = null;
        int iteration = -1;
        FieldReader field = new FieldReader(wire, 1, end);
        while (field.next()) {
            switch (field.number()) {
                case 1 -> id = field.uint32();
                case 2 -> iteration = SignalMessage.counter(field);
                case 3 -> body = field.bytes();
                default -> {} // an unknown field is skipped, as protobuf asks
            }
        }
        if (id == null || iteration < 0 || body == null) {
            throw new WireRefusal(Reason.MALFORMED, "the message lacks its id, iteration or ciphertext");
        }
        return new SenderKeyMessage(
                id, iteration, body, Arrays.copyOf(wire, end), Arrays.copyOfRange(wire, end, wire.length));
    }

    boolean isSignedBy(CurvePublic key) {
        return XEdDsa.verify(key.raw(), signed, signature);
    }
}
