package gateway.engine.web.receive;

import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.message.ParticipantHash;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.VectorNodes;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.XEdDsa;

class ReceiveVectorTest {
    private static final OwnAddress OWN = new OwnAddress(
            DeviceJid.parse("14155550100:7@s.whatsapp.net"), Optional.of(DeviceJid.parse("100000000000100:7@lid")));

    @Test
    void acknowledgementsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("acks.json")) {
            Node received = VectorNodes.read(vector.get("received"));
            Node expected = VectorNodes.read(vector.get("answer"));
            Optional<Long> error = expected.number("error");
            assertEquals(
                    expected,
                    error.isPresent() ? Answers.refusal(received, error.get().intValue()) : Answers.ack(received),
                    vector.get("name").asText());
        }
    }

    @Test
    void everyNotificationReceiptAndCallIsAcknowledgedAsByOthers() throws Exception {
        int acknowledged = 0;
        for (JsonNode vector : Vectors.cases("inbound-stanzas.json")) {
            for (JsonNode ack : vector.get("acked")) {
                assertEquals(
                        VectorNodes.read(ack),
                        Answers.ack(VectorNodes.read(vector.get("received"))),
                        vector.get("name").asText());
                acknowledged++;
            }
        }
        assertTrue(acknowledged > 30);
    }

    @Test
    void receiptsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("message-receipts.json")) {
            Node received = VectorNodes.read(vector.get("received"));
            assertEquals(
                    VectorNodes.read(vector.get("answer")),
                    Answers.received(
                            received,
                            MessageSource.of(received, OWN),
                            vector.get("online").asBoolean()),
                    vector.get("name").asText());
        }
    }

    @Test
    void sourcesAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("message-source.json")) {
            Node received = VectorNodes.read(vector.get("received"));
            String name = vector.get("name").asText();
            if (vector.path("refused").asBoolean()) {
                assertThrows(WireRefusal.class, () -> MessageSource.of(received, OWN), name);
                continue;
            }
            MessageSource source = MessageSource.of(received, OWN);
            JsonNode read = vector.get("read");
            assertEquals(read.get("id").asText(), source.id(), name);
            assertEquals(read.get("type").asText(), source.type(), name);
            assertEquals(read.get("timestamp").asLong(), source.time().getEpochSecond(), name);
            assertEquals(read.get("chat").asText(), source.chat().text(), name);
            assertEquals(read.get("sender").asText(), source.sender().text(), name);
            assertEquals(jid(read, "senderAlternate"), source.senderAlternate(), name);
            assertEquals(jid(read, "recipientAlternate"), source.recipientAlternate(), name);
            assertEquals(jid(read, "broadcastListOwner"), source.listOwner(), name);
            assertEquals(read.get("fromMe").asBoolean(), source.fromMe(), name);
            assertEquals(read.get("isGroup").asBoolean(), source.isGroup(), name);
            assertEquals(read.get("addressingMode").asText(), source.addressing(), name);
            assertEquals(read.get("category").asText(), source.category(), name);
            assertEquals(read.get("edit").asText(), source.edit(), name);
            assertEquals(read.get("pushName").asText(), source.pushName(), name);
            assertEquals(read.get("serverId").asLong(), source.serverId(), name);
        }
    }

    @Test
    void readReceiptsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("read-receipts.json")) {
            DeviceJid chat = DeviceJid.parse(vector.get("chat").asText());
            Node expected = VectorNodes.read(vector.get("sent"));
            ReadReceipts.Kind kind = expected.has("type", "played")
                    ? ReadReceipts.Kind.PLAYED
                    : ReadReceipts.reading(chat, vector.get("readReceiptsOff").asBoolean());
            String sender = vector.get("sender").asText();
            List<String> ids =
                    vector.get("ids").valueStream().map(JsonNode::asText).toList();
            assertEquals(
                    List.of(expected),
                    ReadReceipts.of(
                            kind,
                            chat,
                            sender.isEmpty() ? Optional.empty() : Optional.of(DeviceJid.parse(sender)),
                            ids,
                            Instant.ofEpochSecond(
                                    Long.parseLong(expected.attribute("t").orElseThrow()))));
        }
    }

    @Test
    void deviceListsAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("device-lists.json")) {
            List<String> devices = DeviceLists.devices(
                            DeviceJid.parse(vector.get("user").asText()), VectorNodes.read(vector.get("devicesNode")))
                    .stream()
                    .map(DeviceJid::text)
                    .toList();
            assertEquals(
                    vector.get("devices").valueStream().map(JsonNode::asText).toList(), devices);
            assertEquals(vector.get("phashOfThese").asText(), ParticipantHash.of(devices));
        }
    }

    @Test
    void bundlesAreThoseOfTheVectors() throws Exception {
        for (JsonNode vector : Vectors.cases("prekey-bundles.json")) {
            Node node = VectorNodes.read(vector.get("node"));
            if (!vector.has("read")) {
                assertThrows(
                        WireRefusal.class,
                        () -> PreKeyBundles.read(node),
                        vector.get("name").asText());
                continue;
            }
            JsonNode read = vector.get("read");
            PreKeyBundle bundle = PreKeyBundles.read(node);
            assertEquals(read.get("registrationId").asLong(), Integer.toUnsignedLong(bundle.registrationId()));
            assertEquals(
                    read.get("identityPublic").asText(), hex(bundle.identity().typed()));
            assertEquals(read.get("signedPreKeyId").asInt(), bundle.signedPreKeyId());
            assertEquals(
                    read.get("signedPreKeyPublic").asText(),
                    hex(bundle.signedPreKey().typed()));
            assertEquals(
                    read.get("signatureValid").asBoolean(),
                    XEdDsa.verify(bundle.identity().raw(), bundle.signedPreKey().typed(), bundle.signature()));
            assertEquals(!read.get("preKeyId").isNull(), bundle.oneTime().isPresent());
            if (bundle.oneTime().isPresent()) {
                assertEquals(
                        read.get("preKeyId").asInt(), bundle.oneTime().get().id());
                assertEquals(
                        read.get("preKeyPublic").asText(),
                        hex(bundle.oneTime().get().key().typed()));
            }
        }
    }

    private static Optional<DeviceJid> jid(JsonNode node, String field) {
        return node.get(field).isNull()
                ? Optional.empty()
                : Optional.of(DeviceJid.parse(node.get(field).asText()));
    }
}
