package gateway.engine.web.signal;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;

class XEdDsaTest {
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    @Test
    void verdictsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("xeddsa.json")) {
            assertEquals(
                    vector.get("valid").asBoolean(),
                    XEdDsa.verify(bytes(vector, "publicKey"), bytes(vector, "message"), bytes(vector, "signature")),
                    vector.toString());
        }
    }

    @Test
    void signaturesAreThoseOfTheVectorsByteForByte() {
        for (JsonNode vector : Vectors.cases("signal-xeddsa.json")) {
            byte[] message = bytes(vector, "message");
            byte[] known = bytes(vector, "public");
            FixedRandom random = new FixedRandom().give(bytes(vector, "random"));
            assertArrayEquals(known, Curve.publicKey(bytes(vector, "private")));
            assertEquals(vector.get("signature").asText(), hex(XEdDsa.sign(bytes(vector, "private"), message, random)));
            assertTrue(XEdDsa.verify(known, message, bytes(vector, "signature")));
            assertTrue(XEdDsa.verify(known, message, bytes(vector, "alternativeSignature")));
            for (JsonNode wrong : vector.get("mustFail")) {
                assertFalse(
                        XEdDsa.verify(bytes(wrong, "public"), bytes(wrong, "message"), bytes(wrong, "signature")),
                        wrong.toString());
            }
        }
    }

    @Test
    void everyFlippedBitOfASignatureIsSeen() {
        byte[] secret = Curve.privateKey(new Random(1));
        byte[] known = Curve.publicKey(secret);
        byte[] message = "a signed pre-key".getBytes();
        byte[] signature = XEdDsa.sign(secret, message);
        assertTrue(XEdDsa.verify(known, message, signature));
        for (int bit = 0; bit < 8 * XEdDsa.SIGNATURE_BYTES; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(XEdDsa.verify(known, message, changed), "bit " + bit);
        }
    }

    @Test
    void aSecondFormOfTheSameScalarIsRefused() {
        byte[] secret = Curve.privateKey(new Random(2));
        byte[] signature = XEdDsa.sign(secret, new byte[3]);
        byte[] scalar = new byte[33];
        for (int i = 0; i < 32; i++) {
            scalar[32 - i] = i == 31 ? (byte) (signature[63] & 0x7F) : signature[32 + i];
        }
        BigInteger larger = new BigInteger(scalar).add(ORDER);
        byte[] changed = signature.clone();
        for (int i = 0; i < 32; i++) {
            changed[32 + i] = larger.shiftRight(8 * i).byteValue();
        }
        changed[63] |= (byte) (signature[63] & 0x80);
        assertFalse(XEdDsa.verify(Curve.publicKey(secret), new byte[3], changed));
    }

    @Test
    void inputOfAnotherLengthIsNotValidAndThrowsNothing() {
        byte[] secret = Curve.privateKey(new Random(3));
        byte[] signature = XEdDsa.sign(secret, new byte[0]);
        for (int length : new int[] {0, 1, 31, 33, 64}) {
            assertFalse(XEdDsa.verify(new byte[length], new byte[0], signature));
        }
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertFalse(XEdDsa.verify(Curve.publicKey(secret), new byte[0], new byte[length]));
        }
    }

    @Test
    void aKeyOfSmallOrderIsRefused() {
        byte[] secret = Curve.privateKey(new Random(4));
        byte[] one = new byte[32];
        one[0] = 1;
        for (byte[] small : new byte[][] {
            new byte[32],
            one,
            hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
            hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
        }) {
            assertEquals(
                    WireRefusal.Reason.BAD_KEY,
                    assertThrows(WireRefusal.class, () -> Curve.agree(secret, small))
                            .reason());
        }
    }
}
