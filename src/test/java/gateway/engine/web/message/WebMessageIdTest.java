package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import gateway.engine.web.Vectors;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebMessageIdTest {
    @Test
    void idsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("message-id.json")) {
            String user = vector.path("ownUser").asText("");
            assertEquals(vector.get("id").asText(), WebMessageId.of(Instant.ofEpochSecond(vector.get("timeSeconds").asLong()),
                    Optional.of(user).filter(known -> !known.isEmpty() && !known.equals("null")), bytes(vector, "random")));
        }
    }
}
