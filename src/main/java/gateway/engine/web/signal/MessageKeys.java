package gateway.engine.web.signal;

import java.util.Arrays;

import gateway.engine.web.primitive.Hkdf;

/** What one message of a session is encrypted and authenticated with. */
record MessageKeys(byte[] cipher, byte[] mac, byte[] iv) {
    private static final int DERIVED_BYTES = 80;

    static MessageKeys of(Secret32 seed) {
        byte[] block = Hkdf.derive(seed.view(), Hkdf.NO_SALT, "WhisperMessageKeys", DERIVED_BYTES);
        return new MessageKeys(
                Arrays.copyOfRange(block, 0, 32),
                Arrays.copyOfRange(block, 32, 64),
                Arrays.copyOfRange(block, 64, DERIVED_BYTES));
    }
}
