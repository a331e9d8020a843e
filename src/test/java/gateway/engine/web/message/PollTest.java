package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.message.MessageSecret.Target;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.MessageProto.PollCreationMessage;
import gateway.engine.web.proto.MessageProto.PollUpdateMessage.PollEncValue;

class PollTest {
    private static final byte[] SECRET = new byte[32];
    private static final byte[] IV = new byte[12];
    private static final Poll POLL = new Poll(SECRET, List.of("Tea", "Coffee", "Milk"));
    private static final Target TARGET = new Target("3EB0", "1@lid", "2@lid");

    @Test
    void aVoteIsReadUnderWhicheverAddressesItWasMade() throws WireRefusal {
        PollEncValue vote = POLL.seal(List.of("Milk", "Tea"), TARGET, IV);
        Target other = new Target("3EB0", "1@s.whatsapp.net", "2@lid");
        assertEquals(List.of("Tea", "Milk"), POLL.open(vote, List.of(other, TARGET)));
        assertEquals(List.of(), POLL.open(POLL.seal(List.of(), TARGET, IV), List.of(TARGET)));
        refused(Reason.BAD_MAC, vote, List.of(other));
        refused(Reason.BAD_MAC, vote, List.of());
    }

    @Test
    void aVoteForWhatThePollDoesNotOfferIsNoVote() {
        refused(Reason.MALFORMED, POLL.seal(List.of("Tea", "Beer"), TARGET, IV), List.of(TARGET));
        refused(Reason.MALFORMED, PollEncValue.getDefaultInstance(), List.of(TARGET));
    }

    @Test
    void theVectorsVoteIsTakenBackOrUnknown() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("message-secret.json")) {
            if (vector.get("id").asText().startsWith("poll-vote")) {
                Poll poll = new Poll(bytes(vector, "messageSecret"), List.of("Tea"));
                PollEncValue vote = PollEncValue.newBuilder()
                        .setEncIv(ByteString.copyFrom(bytes(vector, "encIv")))
                        .setEncPayload(ByteString.copyFrom(bytes(vector, "encPayload")))
                        .build();
                Target target = new Target(
                        vector.get("targetId").asText(),
                        vector.get("targetSender").asText(),
                        vector.get("sender").asText());
                if (vector.get("plaintext").asText().isEmpty()) {
                    assertEquals(List.of(), poll.open(vote, List.of(target)));
                } else {
                    assertEquals(
                            Reason.MALFORMED,
                            assertThrows(WireRefusal.class, () -> poll.open(vote, List.of(target)))
                                    .reason());
                }
            }
        }
    }

    @Test
    void aPollIsReadAsItWasKept() throws WireRefusal {
        Poll read = Poll.read(POLL.written());
        assertEquals(POLL.answers(), read.answers());
        assertEquals(List.of("Tea"), read.open(POLL.seal(List.of("Tea"), TARGET, IV), List.of(TARGET)));
        assertThrows(WireRefusal.class, () -> Poll.read(new byte[] {1, 2, 3}));
    }

    @Test
    void aPollThatNoClientMakesIsNotKept() {
        assertEquals(Optional.empty(), Poll.of(creation(1, 1), new byte[31]));
        assertEquals(Optional.empty(), Poll.of(creation(Poll.MAX_ANSWERS + 1, 1), SECRET));
        assertEquals(Optional.empty(), Poll.of(creation(1, Poll.MAX_BYTES), SECRET));
        assertTrue(Poll.of(creation(Poll.MAX_ANSWERS, 100), SECRET).isPresent());
    }

    private static PollCreationMessage creation(int answers, int length) {
        return PollCreationMessage.newBuilder()
                .addAllOptions(Collections.nCopies(
                        answers,
                        PollCreationMessage.Option.newBuilder()
                                .setOptionName("a".repeat(length))
                                .build()))
                .build();
    }

    private static void refused(Reason reason, PollEncValue vote, List<Target> targets) {
        assertEquals(
                reason,
                assertThrows(WireRefusal.class, () -> POLL.open(vote, targets)).reason());
    }
}
