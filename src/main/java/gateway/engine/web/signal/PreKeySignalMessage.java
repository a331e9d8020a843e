package gateway.engine.web.signal;

import java.util.OptionalInt;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A message that opens a session at its receiver: {@code 33 ‖ protobuf}, without a MAC of its own. The message
 * inside is authenticated by keys of which each field here is a part, but for the registration id.
 */
record PreKeySignalMessage(
        OptionalInt preKeyId,
        CurvePublic baseKey,
        CurvePublic identity,
        byte[] message,
        int registrationId,
        int signedPreKeyId) {

    byte[] write() {
        FieldWriter out = new FieldWriter(SignalMessage.VERSION);
        preKeyId.ifPresent(id -> out.uint32(1, id));
        return out.bytes(2, baseKey.view())
                .bytes(3, identity.view())
                .bytes(4, message)
                .uint32(5, registrationId)
                .uint32(6, signedPreKeyId)
                .written();
    }

    static PreKeySignalMessage read(byte[] wire) throws WireRefusal {
        SignalMessage.checkVersion(wire);
        OptionalInt preKeyId = OptionalInt.empty();
        OptionalInt signedPreKeyId = OptionalInt.empty();
        CurvePublic baseKey = null;
        CurvePublic identity = null;
        byte[] message = null;
        int registrationId = 0;
        FieldReader field = new FieldReader(wire, 1, wire.length);
        while (field.next()) {
            switch (field.number()) {
                case 1 -> preKeyId = OptionalInt.of(field.uint32());
                case 2 -> baseKey = CurvePublic.ofTyped(field.bytes());
                case 3 -> identity = CurvePublic.ofTyped(field.bytes());
                case 4 -> message = field.bytes();
                case 5 -> registrationId = field.uint32();
                case 6 -> signedPreKeyId = OptionalInt.of(field.uint32());
                default -> {} // an unknown field is skipped, as protobuf asks
            }
        }
        if (baseKey == null || identity == null || message == null || signedPreKeyId.isEmpty()) {
            throw new WireRefusal(Reason.MALFORMED, "the message lacks a key, its content or its signed pre-key's id");
        }
        return new PreKeySignalMessage(preKeyId, baseKey, identity, message, registrationId, signedPreKeyId.getAsInt());
    }
}
