package gateway.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import gateway.config.OneLine;
import gateway.config.Settings.LogLevel;

/**
 * Operational messages: one line each on standard error, where journald takes them. Never a secret or a message's text.
 */
public final class Logging {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Held, because the log manager forgets the level of a logger that nobody holds. */
    private static final Logger ROOT = Logger.getLogger("");
    /** Ours; nobody else's stack traces belong into a log for debugging the gateway. */
    private static final Logger OURS = Logger.getLogger("gateway");

    /** Libraries that report every pool, schema version and listener they open. */
    private static final Logger[] TALKATIVE = {
        Logger.getLogger("com.zaxxer.hikari"),
        Logger.getLogger("org.flywaydb"),
        Logger.getLogger("io.helidon"),
        Logger.getLogger("org.postgresql")
    };

    private static final Logger WEB_SERVER = Logger.getLogger("io.helidon.webserver.LoomServer");
    private static final Logger SECURITY = Logger.getLogger("io.helidon.security");

    private Logging() {}

    public static void configure(LogLevel level) {
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new Line());
        ROOT.addHandler(handler);
        ROOT.setLevel(
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO, DEBUG -> Level.INFO;
                });
        OURS.setLevel(level == LogLevel.DEBUG ? Level.FINE : null);
        for (var logger : TALKATIVE) {
            logger.setLevel(
                    level == LogLevel.DEBUG ? Level.INFO : level == LogLevel.ERROR ? Level.SEVERE : Level.WARNING);
        }
        // What it cannot start is reported by the one sentence of the command, without a stack trace.
        WEB_SERVER.setLevel(Level.OFF);
        // Below this level it logs headers, credentials among them.
        SECURITY.setLevel(Level.WARNING);
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            var name = record.getLoggerName() == null ? "" : record.getLoggerName();
            var line = TIME.format(Instant.ofEpochMilli(record.getMillis())) + " "
                    + record.getLevel().getName() + " " + name.substring(name.lastIndexOf('.') + 1) + ": "
                    + oneLine(text(record)) + System.lineSeparator();
            return record.getThrown() == null ? line : line + trace(record.getThrown());
        }

        private static String text(LogRecord record) {
            var parameters = record.getParameters();
            return parameters == null || parameters.length == 0
                    ? String.valueOf(record.getMessage())
                    : MessageFormat.format(record.getMessage(), parameters);
        }

        /** A line break in a value must not look like a line of ours (ASVS 16.4.1), nor a terminal obey the value. */
        private static String oneLine(String text) {
            return OneLine.of(text.replaceAll("\\p{Cc}", " "));
        }

        /** The stack traces. The message of an error can hold foreign text, whose further lines are indented. */
        private static String trace(Throwable thrown) {
            var out = new StringWriter();
            thrown.printStackTrace(new PrintWriter(out, true));
            var lines = out.toString().split("\\R");
            var text = new StringBuilder(out.getBuffer().length() + lines.length);
            for (int i = 0; i < lines.length; i++) {
                var frame = lines[i].startsWith("\t");
                text.append(i == 0 || lines[i].startsWith("Caused by: ") ? "" : "\t")
                        .append(oneLine(frame ? lines[i].substring(1) : lines[i]))
                        .append(System.lineSeparator());
            }
            return text.toString();
        }
    }
}
