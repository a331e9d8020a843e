package gateway.engine.web.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.MessageProto.FutureProofMessage;
import gateway.engine.web.proto.MessageProto.Message;

class StanzaKindTest {
    private static final Map<String, byte[]> MESSAGES = messages();

    @Test
    void kindsAreThoseOfTheVectorsAndOfTheDossierWhereItKnowsBetter() throws Exception {
        for (JsonNode vector : Vectors.cases("message-stanza-types.json")) {
            String id = vector.get("messageOf").asText();
            JsonNode dossier = vector.has("dossier") ? vector.get("dossier") : vector;
            StanzaKind kind = StanzaKind.of(MESSAGES.get(id));
            assertEquals(dossier.get("type").asText(), kind.type(), id);
            assertEquals(dossier.get("mediatype").asText(), kind.mediaType().orElse(""), id);
            assertEquals(vector.get("edit").asText(), kind.edit().orElse(""), id);
        }
    }

    @Test
    void whatNeedNotBeSeenIsHidden() throws Exception {
        for (String id :
                new String[] {"reaction", "reaction-removed", "poll-vote", "edit-wrapped", "pin", "reaction-encrypted"
                }) {
            assertTrue(StanzaKind.of(MESSAGES.get(id)).hidden(), id);
        }
        for (String id : new String[] {"revoke-own", "revoke-by-admin", "text-reply", "poll-v1"}) {
            assertFalse(StanzaKind.of(MESSAGES.get(id)).hidden(), id);
        }
        assertEquals("8", StanzaKind.of(MESSAGES.get("revoke-by-admin")).edit().orElseThrow());
        assertEquals(
                Map.entry("polltype", "vote"),
                StanzaKind.of(MESSAGES.get("poll-vote")).meta().orElseThrow());
    }

    @Test
    void wrappersWithoutEndAndNoiseAreRefused() {
        Message message = Message.newBuilder().setConversation("x").build();
        for (int i = 0; i < 9; i++) {
            message = Message.newBuilder()
                    .setEphemeralMessage(FutureProofMessage.newBuilder().setMessage(message))
                    .build();
        }
        byte[] deep = message.toByteArray();
        assertThrows(WireRefusal.class, () -> StanzaKind.of(deep));
        Random random = new Random(19);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            try {
                StanzaKind.of(noise);
            } catch (WireRefusal refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }

    private static Map<String, byte[]> messages() {
        Map<String, byte[]> messages = new HashMap<>();
        Vectors.cases("message-protobuf.json")
                .forEach(vector -> messages.put(vector.get("id").asText(), Vectors.bytes(vector, "hex")));
        return messages;
    }
}
