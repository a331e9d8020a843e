package gateway.engine.web.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefTurnsTest {
    private static final RefTurns WHOLE = new RefTurns(List.of("a", "b", "c", "d", "e", "f"));

    @ParameterizedTest
    @CsvSource({"0, a, 60000", "59999, a, 1", "60000, b, 20000", "79999, b, 1", "80000, c, 20000", "159999, f, 1"})
    void theFirstRefOfSixHasAMinuteAndEachFurtherOneTwentySeconds(long age, String ref, long left) {
        assertEquals(Optional.of(new RefTurns.Turn(ref, Duration.ofMillis(left))), WHOLE.at(Duration.ofMillis(age)));
    }

    @Test
    void afterTheLastTurnThereIsNone() {
        assertEquals(Optional.empty(), WHOLE.at(Duration.ofSeconds(160)));
    }

    @Test
    void fewerRefsHaveTwentySecondsEach() {
        RefTurns few = new RefTurns(List.of("a", "b"));
        assertEquals("b", few.at(Duration.ofSeconds(20)).orElseThrow().ref());
        assertEquals(Optional.empty(), few.at(Duration.ofSeconds(40)));
    }
}
