package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.MessageKey;

class PeerMessagesTest {
    private static final Instant AT = Instant.ofEpochSecond(1_764_300_000);

    @Test
    void requestsAreThoseOfTheVectors() {
        assertEquals(
                hex(bytes(vector("key request"), "message")),
                hex(PeerMessages.keyRequest(List.of(Vectors.hex("000000001f83")))
                        .toByteArray()));
        assertEquals(
                hex(bytes(vector("history on demand, 50 before a message"), "message")),
                hex(PeerMessages.olderHistory(
                                MessageKey.newBuilder()
                                        .setRemoteJid("14155550101@s.whatsapp.net")
                                        .setFromMe(false)
                                        .setId("A501")
                                        .build(),
                                AT,
                                50)
                        .toByteArray()));
        assertEquals(
                hex(bytes(vector("ask the phone for a message that could not be read"), "message")),
                hex(PeerMessages.resend(List.of(MessageKey.newBuilder()
                                .setRemoteJid("120363000000000101@g.us")
                                .setFromMe(false)
                                .setId("A504")
                                .setParticipant("100000000000101@lid")
                                .build()))
                        .toByteArray()));
        assertEquals(
                hex(bytes(vector("collection recovery"), "message")),
                hex(PeerMessages.collectionRecovery("regular_low", AT).toByteArray()));
    }

    @Test
    void everyMessageIsRead() throws Exception {
        for (JsonNode vector : Vectors.cases("peer-messages.json")) {
            Message message = Message.parseFrom(bytes(vector, "message"));
            JsonNode read = vector.get("baileysReads").get("protocolMessage");
            assertEquals(
                    read.get("type").asInt(),
                    message.getProtocolMessage().getType().getNumber());
            JsonNode keys = read.path("appStateSyncKeyShare").path("keys");
            for (int i = 0; i < keys.size(); i++) {
                assertEquals(
                        keys.get(i).get("keyData").get("keyData").get("hex").asText(),
                        hex(message.getProtocolMessage()
                                .getAppStateSyncKeyShare()
                                .getKeys(i)
                                .getKeyData()
                                .getKeyData()
                                .toByteArray()));
            }
        }
    }

    private static JsonNode vector(String name) {
        return Vectors.cases("peer-messages.json").stream()
                .filter(each -> each.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
