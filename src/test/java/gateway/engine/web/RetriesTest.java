package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.node.Node;

class RetriesTest {
    private static Node asking(String count) {
        return Node.of("receipt")
                .with("type", "retry")
                .holding(List.of(Node.of("retry").with("count", count)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 4", "several, 1"})
    void aQuestionIsAnsweredByItsNumber(String count, int attempt) {
        assertEquals(OptionalInt.of(attempt), Retries.attempt(asking(count)));
    }

    /**
     * Each number is answered, with new keys, and its answer kept: a peer that could go on counting would fill the
     * disk.
     */
    @ParameterizedTest
    @ValueSource(strings = {"5", "0", "-1", "-4294967295", "4294967297", "9223372036854775807"})
    void aNumberThatNoDeviceCountsToIsNotAnswered(String count) {
        assertEquals(OptionalInt.empty(), Retries.attempt(asking(count)));
    }

    @Test
    void aQuestionWithoutANumberIsTheFirst() {
        assertEquals(OptionalInt.of(1), Retries.attempt(Node.of("receipt").with("type", "retry")));
    }
}
