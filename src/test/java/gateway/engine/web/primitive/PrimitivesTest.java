package gateway.engine.web.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;

/** The primitives keep no trace of an earlier use, although the objects behind them are used again. */
class PrimitivesTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] VECTOR = new byte[AesGcm.IV_BYTES];
    private static final byte[] NOTHING = new byte[0];

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    @Test
    void theSameEncryptionTwiceGivesTheSameBytes() {
        byte[] once = AesGcm.encrypt(KEY, VECTOR, hex("0102"), NOTHING);
        assertArrayEquals(once, AesGcm.encrypt(KEY, VECTOR, hex("0102"), NOTHING));
    }

    @Test
    void aFailedDecryptionDoesNotSpoilTheNextOne() throws Exception {
        byte[] sealed = AesGcm.encrypt(KEY, VECTOR, hex("0102"), NOTHING);
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    WireRefusal.Reason.BAD_MAC,
                    assertThrows(WireRefusal.class, () -> AesGcm.decrypt(KEY, VECTOR, sealed, hex("ff")))
                            .reason());
            assertArrayEquals(hex("0102"), AesGcm.decrypt(KEY, VECTOR, sealed, NOTHING));
        }
        byte[] iv = new byte[AesCbc.BLOCK_BYTES];
        byte[] encrypted = AesCbc.encrypt(KEY, iv, hex("0304"));
        for (int i = 0; i < 3; i++) {
            assertThrows(WireRefusal.class, () -> AesCbc.decrypt(KEY, iv, hex("00")));
            assertArrayEquals(hex("0304"), AesCbc.decrypt(KEY, iv, encrypted));
        }
    }

    /** The cases 1 and 3 of RFC 5869, appendix A. */
    @Test
    void hkdfGivesWhatTheRfcSays() {
        byte[] secret = hex("0b".repeat(22));
        assertArrayEquals(
                hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
                Hkdf.derive(secret, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42));
        assertArrayEquals(
                hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
                Hkdf.derive(secret, Hkdf.NO_SALT, NOTHING, 42));
        assertThrows(IllegalArgumentException.class, () -> Hkdf.derive(secret, Hkdf.NO_SALT, NOTHING, 8_161));
    }
}
