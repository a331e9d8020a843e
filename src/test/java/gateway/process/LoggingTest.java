package gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.config.Settings.LogLevel;

/** Foreign text in a log: it neither begins a line of its own nor steers a terminal. */
class LoggingTest {
    private static final String FORGED = "2026-01-01T00:00:00.000Z WARNING Gate: forged";

    private final PrintStream usual = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger logger = Logger.getLogger("gateway.Foreign");

    @BeforeEach
    void redirect() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        Logging.configure(LogLevel.INFO);
    }

    @AfterEach
    void restore() throws IOException {
        System.setErr(usual);
        LogManager.getLogManager().readConfiguration();
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void noControlCharacterOfAValueIsKept() {
        logger.log(Level.WARNING, "a{0}b", "\u0000\t\n\r\u001B[2J\u007F\u0080\u0085\u009B2J\u009F\u2028\u202E");
        assertEquals(1, lines().size(), lines()::toString);
        assertTrue(lines().getFirst().endsWith(" WARNING Foreign: a     [2J    2J ??b"), lines()::toString);
    }

    @Test
    void theMessageOfAnErrorBeginsNoLine() {
        for (var end : List.of("\n", "\r", "\u0085", "\u2028", "\u2029", "\u000B")) {
            logger.log(
                    Level.WARNING,
                    "failed",
                    new IOException("a" + end + FORGED, new IOException("b\u009B" + end + FORGED)));
        }
        assertTrue(lines().stream().noneMatch(line -> line.startsWith("2026-01-01")), lines()::toString);
        assertTrue(lines().stream().anyMatch(line -> line.startsWith("\tat ")), lines()::toString);
        assertTrue(written.toString(StandardCharsets.UTF_8).chars().noneMatch(c -> c >= 0x7f && c < 0xa0));
    }
}
