package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;

class WebMessageIdTest {
    @Test
    void idsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("message-id.json")) {
            String user = vector.path("ownUser").asText("");
            Optional<String> known = Optional.of(user).filter(text -> !text.isEmpty() && !text.equals("null"));
            Instant time = Instant.ofEpochSecond(vector.get("timeSeconds").asLong());
            assertEquals(vector.get("id").asText(), WebMessageId.of(time, known, bytes(vector, "random")));
        }
    }
}
