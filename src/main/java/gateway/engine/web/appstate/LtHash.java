package gateway.engine.web.appstate;

import java.util.Collection;

import gateway.engine.web.primitive.Hkdf;

/**
 * The hash of a set of records, to which records are added and from which they are subtracted in any order: 64 lanes
 * of 16 bits, little-endian, each a sum modulo 65536.
 */
public final class LtHash {
    /** The length of a hash, in bytes. */
    public static final int HASH_BYTES = 128;

    private LtHash() {}

    /** The hash of no record. */
    public static byte[] empty() {
        return new byte[HASH_BYTES];
    }

    /** The hash after value MACs were subtracted and others added; the given hash stays as it is. */
    public static byte[] apply(byte[] hash, Collection<byte[]> subtract, Collection<byte[]> add) {
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a hash has 128 bytes, not " + hash.length);
        }
        byte[] result = hash.clone();
        subtract.forEach(mac -> sum(result, mac, -1));
        add.forEach(mac -> sum(result, mac, 1));
        return result;
    }

    private static void sum(byte[] hash, byte[] valueMac, int sign) {
        byte[] summand = Hkdf.derive(valueMac, Hkdf.NO_SALT, "WhatsApp Patch Integrity", HASH_BYTES);
        for (int i = 0; i < HASH_BYTES; i += 2) {
            int lane = lane(hash, i) + sign * lane(summand, i);
            hash[i] = (byte) lane;
            hash[i + 1] = (byte) (lane >>> 8);
        }
    }

    private static int lane(byte[] hash, int at) {
        return hash[at] & 0xFF | (hash[at + 1] & 0xFF) << 8;
    }
}
