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
            Optional<String> known = Optional.of(user).filter(text -> !text.isEmpty() && !text.equals("null"));
            Instant time = Instant.ofEpochSecond(vector.get("timeSeconds").asLong());
            assertEquals(vector.get("id").asText(), WebMessageId.of(time, known, bytes(vector, "random")));
        }
    }
}
