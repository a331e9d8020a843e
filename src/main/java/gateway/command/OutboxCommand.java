package gateway.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.messaging.OutboxBook;
import gateway.messaging.OutboxState;

/** {@code whatsapp outbox}: works on the database beside a running server. Never shows what a message says. */
@Command(
        name = "outbox",
        description = "Messages on their way out: look, send again, take back.",
        footer = {
            "",
            "Examples:",
            "  whatsapp outbox list --status failed",
            "  whatsapp outbox retry 3EB0A1B2C3D4E5F60718293A"
        })
public final class OutboxCommand implements Runnable {
    private final Supplier<Book> open;

    @Spec
    private CommandSpec spec;

    /** What the command works on; closing it closes the database. */
    public record Book(OutboxBook outbox, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    /** @param open opens the database when a sub-command needs it */
    public OutboxCommand(Supplier<Book> open) {
        this.open = open;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: list, retry or cancel.");
    }

    @Command(
            name = "list",
            description = "Shows messages, newest first, without their content.",
            footer = {"", "Example: whatsapp outbox list --status waiting"})
    int list(
            @Option(
                            names = "--status",
                            paramLabel = "STATE",
                            description = "waiting, sent, failed, cancelled or aside; all when absent")
                    String status,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "how many (default: ${DEFAULT-VALUE})")
                    int limit) {
        var state = Optional.ofNullable(status).map(this::state);
        try (var book = open.get()) {
            var list = new Listing("ID", "DEVICE", "CHAT", "STATE", "ATTEMPTS", "ACCEPTED", "DUE", "REASON");
            for (var entry : book.outbox().list(state, Math.clamp(limit, 1, 10_000))) {
                list.row(
                        entry.messageId(),
                        entry.device(),
                        entry.chat(),
                        entry.state().name().toLowerCase(Locale.ROOT),
                        entry.attempts(),
                        Instant.ofEpochMilli(entry.acceptedAt()),
                        Instant.ofEpochMilli(entry.dueAt()),
                        entry.error());
            }
            list.print(out());
            return 0;
        }
    }

    @Command(
            name = "retry",
            description = "Sends a message that failed, was cancelled, set aside or waits, now and under its own id.",
            footer = {
                "",
                "Examples:",
                "  whatsapp outbox retry 3EB0A1B2C3D4E5F60718293A",
                "  whatsapp outbox retry --status aside"
            })
    int retry(
            @Parameters(paramLabel = "ID", arity = "0..1", description = "the message id") String id,
            @Option(names = "--status", paramLabel = "STATE", description = "aside: all that are set aside")
                    String status) {
        if ((id == null) == (status == null) || status != null && state(status) != OutboxState.ASIDE) {
            throw new ParameterException(spec.commandLine(), "Say which: an ID, or --status aside.");
        }
        try (var book = open.get()) {
            if (status != null) {
                out().println(book.outbox().retryAside() + " queued again");
                return 0;
            }
            return told(book.outbox().retry(id), id, "is queued again", "There is no unsent message ");
        }
    }

    @Command(
            name = "cancel",
            description = "Takes back a message that waits or is set aside.",
            footer = {"", "Example: whatsapp outbox cancel 3EB0A1B2C3D4E5F60718293A"})
    int cancel(@Parameters(paramLabel = "ID", description = "the message id") String id) {
        try (var book = open.get()) {
            return told(book.outbox().cancel(id), id, "is cancelled", "There is no waiting message ");
        }
    }

    private int told(boolean done, String id, String yes, String no) {
        if (!done) {
            throw new ParameterException(spec.commandLine(), no + id + ". See: whatsapp outbox list");
        }
        out().println(id + " " + yes);
        return 0;
    }

    private OutboxState state(String name) {
        return Arrays.stream(OutboxState.values())
                .filter(state -> state.name().equalsIgnoreCase(name))
                .findAny()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--status must be waiting, sent, failed, cancelled or aside."));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
