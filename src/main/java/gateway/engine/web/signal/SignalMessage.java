package gateway.engine.web.signal;

import java.util.Arrays;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A message of a session: {@code 33 ‖ protobuf ‖ MAC}. The protobuf is canonical, because libsignal encodes what it
 * parsed anew before it checks the MAC; ours is checked over the received bytes.
 *
 * @param ratchet  the sender's ratchet key
 * @param counter  the place in the sender's chain
 * @param body     the ciphertext
 * @param authenticated the bytes that the MAC covers: version and protobuf
 * @param mac      the MAC's first eight bytes
 */
record SignalMessage(CurvePublic ratchet, int counter, byte[] body, byte[] authenticated, byte[] mac) {
    static final byte VERSION = 0x33;
    static final int MAC_BYTES = 8;

    private static final int OURS = 3;

    static byte[] write(
            CurvePublic ratchet,
            int counter,
            int previousCounter,
            byte[] body,
            byte[] macKey,
            CurvePublic sender,
            CurvePublic receiver) {
        byte[] authenticated = new FieldWriter(VERSION)
                .bytes(1, ratchet.view())
                .uint32(2, counter)
                .uint32(3, previousCounter)
                .bytes(4, body)
                .written();
        byte[] wire = Arrays.copyOf(authenticated, authenticated.length + MAC_BYTES);
        System.arraycopy(mac(macKey, sender, receiver, authenticated), 0, wire, authenticated.length, MAC_BYTES);
        return wire;
    }

    static SignalMessage read(byte[] wire) throws WireRefusal {
        checkVersion(wire);
        if (wire.length <= 1 + MAC_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the message is shorter than its MAC");
        }
        int end = wire.length - MAC_BYTES;
        CurvePublic ratchet = null;
        byte[] body = null;
        int counter = -1;
        FieldReader field = new FieldReader(wire, 1, end);
        while (field.next()) {
            switch (field.number()) {
                case 1 -> ratchet = CurvePublic.ofTyped(field.bytes());
                case 2 -> counter = counter(field);
                case 4 -> body = field.bytes();
                default -> {} // 3 is the previous counter, which libsignal-go writes as ffffffff: it bounds nothing
                // here
            }
        }
        if (ratchet == null || body == null || counter < 0) {
            throw new WireRefusal(Reason.MALFORMED, "the message lacks its ratchet key, counter or ciphertext");
        }
        return new SignalMessage(
                ratchet, counter, body, Arrays.copyOf(wire, end), Arrays.copyOfRange(wire, end, wire.length));
    }

    boolean isAuthentic(byte[] macKey, CurvePublic sender, CurvePublic receiver) {
        return Hmac.equal(mac, Arrays.copyOf(mac(macKey, sender, receiver, authenticated), MAC_BYTES));
    }

    static void checkVersion(byte[] wire) throws WireRefusal {
        if (wire.length == 0) {
            throw new WireRefusal(Reason.MALFORMED, "the message is empty");
        }
        if (wire.length > SignalLimits.MAX_MESSAGE_BYTES) {
            throw new WireRefusal(Reason.OVERSIZED, "the message has " + wire.length + " bytes");
        }
        if ((wire[0] & 0xFF) >>> 4 != OURS) {
            throw new WireRefusal(Reason.BAD_VERSION, "the message's version is " + ((wire[0] & 0xFF) >>> 4));
        }
    }

    /** A counter; one above the highest that a chain may have is refused as too far ahead. */
    static int counter(FieldReader field) throws WireRefusal {
        int counter = field.uint32();
        if (counter < 0) {
            throw new WireRefusal(Reason.TOO_FAR, "the counter is " + Integer.toUnsignedString(counter));
        }
        return counter;
    }

    private static byte[] mac(byte[] key, CurvePublic sender, CurvePublic receiver, byte[] authenticated) {
        return Hmac.sha256(key, sender.view(), receiver.view(), authenticated);
    }
}
