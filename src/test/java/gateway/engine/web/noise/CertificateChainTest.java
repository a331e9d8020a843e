package gateway.engine.web.noise;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.signal.CurvePublic;

class CertificateChainTest {
    @Test
    void verdictsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("noise-certs.json")) {
            assertEquals(
                    vector.get("verdict").asText(),
                    verdict(vector, bytes(vector, "certChain")),
                    vector.get("name").asText());
        }
    }

    @Test
    void anyFlippedBitOfAValidChainIsSeen() throws Exception {
        JsonNode valid = Vectors.cases("noise-certs.json").getFirst();
        byte[] chain = bytes(valid, "certChain");
        assertEquals("ok", verdict(valid, chain));
        for (int bit = 0; bit < 8 * chain.length; bit += 3) {
            byte[] changed = chain.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(!verdict(valid, changed).equals("ok"), "bit " + bit);
        }
    }

    @Test
    void cutAndRandomChainsAreRefused() throws Exception {
        JsonNode valid = Vectors.cases("noise-certs.json").getFirst();
        byte[] chain = bytes(valid, "certChain");
        for (int length = 0; length < chain.length; length++) {
            assertTrue(!verdict(valid, Arrays.copyOf(chain, length)).equals("ok"), "length " + length);
        }
        Random random = new Random(19);
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertTrue(!verdict(valid, noise).equals("ok"));
        }
    }

    private static String verdict(JsonNode vector, byte[] chain) throws Exception {
        return CertificateChain.check(
                        chain,
                        CurvePublic.of(bytes(vector, "rootPublic")),
                        bytes(vector, "serverStaticPublic"),
                        Instant.ofEpochSecond(vector.get("now").asLong()))
                .map(CertificateFault::word)
                .orElse("ok");
    }
}
