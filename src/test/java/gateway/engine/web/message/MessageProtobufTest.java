package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.proto.MessageProto;
import gateway.engine.web.proto.PairingProto;

/** Our schema knows every field of the messages of other clients, and writes the very bytes that they write. */
class MessageProtobufTest {
    private static final Map<String, String> OUR_NAMES =
            Map.of("LIDMigrationMappingSyncPayload", "LidMigrationMappingPayload");

    @Test
    void everyKindIsReadWholeAndWrittenByteForByte() throws Exception {
        for (JsonNode vector : Vectors.cases("message-protobuf.json")) {
            Message message = DynamicMessage.parseFrom(type(vector.get("type").asText()), bytes(vector, "hex"));
            assertKnown(vector.get("id").asText(), message);
            assertEquals(
                    vector.get("hex").asText(),
                    hex(message.toByteArray()),
                    vector.get("id").asText());
        }
    }

    private static Descriptor type(String name) {
        String plain = name.substring(name.indexOf('.') + 1);
        String ours = OUR_NAMES.getOrDefault(plain, plain);
        Descriptor found = MessageProto.getDescriptor().findMessageTypeByName(ours);
        return found != null
                ? found
                : Objects.requireNonNull(PairingProto.getDescriptor().findMessageTypeByName(ours), name);
    }

    private static void assertKnown(String id, Message message) {
        assertTrue(message.getUnknownFields().asMap().isEmpty(), id + ": " + message);
        for (Object value : message.getAllFields().values()) {
            for (Object part : value instanceof List<?> list ? list : List.of(value)) {
                if (part instanceof Message inner) {
                    assertKnown(id, inner);
                }
            }
        }
    }
}
