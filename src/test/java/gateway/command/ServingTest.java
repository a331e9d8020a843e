package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/** What a process says of a failure, and the exit code by which the service manager starts it again or does not. */
class ServingTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new ExplainedFault("The key is damaged. Restore it."),
                        ExitCode.REFUSED,
                        "error: The key is damaged. Restore it."),
                Arguments.of(
                        new PassingFault("The port is taken."), ExitCode.ABSENT_FOR_NOW, "error: The port is taken."),
                Arguments.of(
                        new IllegalStateException(),
                        ExitCode.FAILED,
                        "error: unexpected: java.lang.IllegalStateException"),
                Arguments.of(
                        new IllegalStateException("stream has been closed"),
                        ExitCode.FAILED,
                        "error: unexpected: java.lang.IllegalStateException: stream has been closed"),
                Arguments.of(
                        new NoSuchElementException("No value present"),
                        ExitCode.FAILED,
                        "error: unexpected: java.util.NoSuchElementException: No value present"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void onlyWhatIsExplainedIsLeftToAPerson(Exception failure, int code, String said) {
        var err = new StringWriter();
        assertEquals(code, Serving.failed(failure, new PrintWriter(err)));
        assertEquals(said, err.toString().strip());
    }
}
