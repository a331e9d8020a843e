package gateway.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import gateway.webhook.ClaimChoice.Due;

class ClaimChoiceTest {
    private static final int ANA = 7;
    private static final int BEN = -7;

    @Test
    void aChatGivesItsNextFourAndTheOldestChatComesFirst() {
        var choice = ClaimChoice.of(
                List.of(
                        new Due(1, BEN, 20),
                        new Due(2, ANA, 10),
                        new Due(3, ANA, 10),
                        new Due(4, ANA, 10),
                        new Due(5, ANA, 10),
                        new Due(6, ANA, 10)),
                Set.of(),
                64);
        assertEquals(List.of(List.of(2L, 3L, 4L, 5L), List.of(1L)), choice.chats());
        assertEquals(true, choice.passedOver());
    }

    @Test
    void aChatThatHasAClaimGivesNothing() {
        var due = List.of(new Due(1, ANA, 10), new Due(2, BEN, 10));
        var choice = ClaimChoice.of(due, Set.of(ANA), 64);
        assertEquals(List.of(List.of(2L)), choice.chats());
        assertEquals(true, choice.passedOver());
        assertEquals(new ClaimChoice(List.of(List.of(1L), List.of(2L)), false), ClaimChoice.of(due, Set.of(), 64));
    }

    @Test
    void aClockThatWasSetBackTurnsNoOrderRound() {
        var choice = ClaimChoice.of(List.of(new Due(1, ANA, 3_600_000), new Due(2, ANA, 10)), Set.of(), 64);
        assertEquals(List.of(List.of(1L, 2L)), choice.chats());
    }

    @Test
    void deliveriesWithoutAnOrderAreEachAlone() {
        var due = List.of(new Due(1, OrderKey.NONE, 10), new Due(2, OrderKey.NONE, 10));
        var choice = ClaimChoice.of(due, Set.of(OrderKey.NONE), 64);
        assertEquals(new ClaimChoice(List.of(List.of(1L), List.of(2L)), false), choice);
    }

    @Test
    void noMoreThanThereIsRoomForIsChosen() {
        var due = List.of(new Due(1, ANA, 10), new Due(2, ANA, 10), new Due(3, BEN, 10));
        var choice = ClaimChoice.of(due, Set.of(), 1);
        assertEquals(new ClaimChoice(List.of(List.of(1L)), true), choice);
    }
}
