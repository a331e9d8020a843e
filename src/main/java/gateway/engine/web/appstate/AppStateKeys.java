package gateway.engine.web.appstate;

import java.util.Arrays;

import gateway.engine.web.primitive.Hkdf;

/** The five keys of 32 bytes that one app-state key stands for. */
public record AppStateKeys(byte[] index, byte[] valueEncryption, byte[] valueMac, byte[] snapshotMac, byte[] patchMac) {
    private static final int KEY_BYTES = 32;
    private static final int DERIVED_BYTES = 5 * KEY_BYTES;

    /** The keys of the key data of an app-state key share. */
    public static AppStateKeys of(byte[] keyData) {
        byte[] block = Hkdf.derive(keyData, Hkdf.NO_SALT, "WhatsApp Mutation Keys", DERIVED_BYTES);
        return new AppStateKeys(part(block, 0), part(block, 1), part(block, 2), part(block, 3), part(block, 4));
    }

    private static byte[] part(byte[] block, int number) {
        return Arrays.copyOfRange(block, number * KEY_BYTES, (number + 1) * KEY_BYTES);
    }
}
