package gateway.engine.web.receive;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.VectorNodes;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.PreKeyBundle;

class RetryReceiptsTest {
    @Test
    void receiptsAreThoseOfTheVectors() throws Exception {
        JsonNode self = Vectors.file("retry-receipts.json").at("/about/self");
        PublicKeys own = new PublicKeys(
                self.get("registrationId").numberValue().intValue(),
                CurvePublic.of(bytes(self, "identityPublic")),
                self.get("signedPreKeyId").asInt(),
                CurvePublic.of(bytes(self, "signedPreKeyPublic")),
                bytes(self, "signedPreKeySignature"),
                bytes(self, "account"));
        for (JsonNode vector : Vectors.cases("retry-receipts.json")) {
            Node message = VectorNodes.read(vector.get("received"));
            String name = vector.get("name").asText();
            int made = Integer.parseInt(name.substring(name.lastIndexOf(' ') + 1)) - 1;
            Optional<Integer> attempt = RetryReceipts.nextTry(message, made);
            assertEquals(vector.get("sent").isNull(), attempt.isEmpty(), name);
            if (attempt.isEmpty()) {
                continue;
            }
            Node expected = VectorNodes.read(vector.get("sent"));
            boolean keys = RetryReceipts.needsKeys(
                    attempt.get(), vector.get("noSenderKeyOrSession").asBoolean());
            assertEquals(expected.child("keys").isPresent(), keys, name);
            Optional<PreKeyBundle.OneTime> fresh =
                    keys ? PreKeyBundles.read(expected).oneTime() : Optional.empty();
            Node receipt = RetryReceipts.of(message, attempt.get(), own, fresh);
            assertEquals(expected, receipt, name);
        }
    }

    @Test
    void whatIsUploadedCanBeReadAsABundle() throws Exception {
        CurvePublic key = CurvePublic.of(new byte[32]);
        PublicKeys own = new PublicKeys(-2, key, 0xABCDEF, key, new byte[64], new byte[3]);
        Node upload = own.upload(List.of(new PreKeyBundle.OneTime(0x010203, key), new PreKeyBundle.OneTime(4, key)));
        Node first = upload.requiredChild("list").children().getFirst();
        assertArrayEquals(new byte[] {1, 2, 3}, first.requiredChild("id").bytes());
        PreKeyBundle bundle = PreKeyBundles.read(upload);
        assertEquals(-2, bundle.registrationId());
        assertEquals(0xABCDEF, bundle.signedPreKeyId());
        assertTrue(bundle.oneTime().isEmpty());
    }

    @Test
    void aCountThatIsNoneIsRefusedAndALargeOneIsTheLast() throws Exception {
        Node message = Node.of("message").holding(Node.of("enc").with("count", "x"));
        assertThrows(WireRefusal.class, () -> RetryReceipts.nextTry(message, 0));
        assertEquals(
                Optional.empty(),
                RetryReceipts.nextTry(Node.of("message").holding(Node.of("enc").with("count", Long.MAX_VALUE)), 0));
    }
}
