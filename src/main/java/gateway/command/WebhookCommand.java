package gateway.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.config.ShownUrl;
import gateway.webhook.DeliveryBook;
import gateway.webhook.DuplicateEndpoint;
import gateway.webhook.EndpointBook;
import gateway.webhook.EndpointDraft;
import gateway.webhook.InvalidEndpoint;

/**
 * {@code whatsapp webhook}: works on the database beside a running server, which takes changes up within two seconds.
 */
@Command(
        name = "webhook",
        description = "Webhook endpoints, their deliveries, and sending again.",
        footer = {
            "",
            "Examples:",
            "  openssl rand -hex 32 | whatsapp webhook add https://app.example.com/hook",
            "  whatsapp webhook replay --status dead --since 2026-11-21T00:00:00Z"
        })
public final class WebhookCommand implements Runnable {
    private final Supplier<Books> open;

    @Spec
    private CommandSpec spec;

    /** What the command works on; closing it closes the database. */
    public record Books(EndpointBook endpoints, DeliveryBook deliveries, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    /** @param open opens the database when a sub-command needs it */
    public WebhookCommand(Supplier<Books> open) {
        this.open = open;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: list, add, remove, deliveries or replay.");
    }

    @Command(
            name = "list",
            description = "Shows the endpoints and how they fare.",
            footer = {"", "Example: whatsapp webhook list"})
    int list() {
        try (var books = open.get()) {
            var list = new Listing("ID", "URL", "DIALECT", "SOURCE", "SECRET", "STATE");
            for (var view : books.endpoints().all()) {
                var endpoint = view.endpoint();
                list.row(
                        endpoint.id(),
                        ShownUrl.of(endpoint.url()),
                        endpoint.dialect().name(),
                        endpoint.configured() ? "settings" : "database",
                        view.secretFingerprint(),
                        state(view));
            }
            list.print(out());
            return 0;
        }
    }

    private static String state(EndpointBook.View view) {
        if (view.disabledAt().isPresent()) {
            return "given up: " + view.disabledWhy();
        }
        if (!view.endpoint().enabled()) {
            return "off";
        }
        return view.failingSince()
                .map(since -> "failing since " + Instant.ofEpochMilli(since))
                .orElse("ok");
    }

    @Command(
            name = "add",
            description = "Adds an endpoint. The secret is read from standard input, so that no process list shows it.",
            footer = {
                "",
                "Example: openssl rand -hex 32 | whatsapp webhook add https://app.example.com/hook --events message"
            })
    int add(
            @Parameters(paramLabel = "URL", description = "where to post to, https") String url,
            @Option(
                            names = "--events",
                            paramLabel = "LIST",
                            split = ",",
                            description = "event names, by comma; all when absent")
                    List<String> events,
            @Option(
                            names = "--ignore",
                            paramLabel = "LIST",
                            split = ",",
                            description = "addresses not to report, such as @g.us")
                    List<String> ignored,
            @Option(names = "--dialect", paramLabel = "FORM", description = "payload form, v7 or v8; v7 when absent")
                    String dialect,
            @Option(names = "--device", paramLabel = "ID", description = "only this account's events") String device,
            @Option(
                            names = "--allow-duplicate",
                            description = "also when another endpoint tells the same address of the same events")
                    boolean duplicate)
            throws IOException {
        var secret = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (secret == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no secret on standard input. Try: openssl rand -hex 32 | whatsapp webhook add URL");
        }
        try (var books = open.get()) {
            var draft = new EndpointDraft(
                    Optional.of(url),
                    Optional.of(secret.strip()),
                    Optional.ofNullable(events),
                    Optional.ofNullable(ignored),
                    Optional.ofNullable(dialect),
                    Optional.ofNullable(device),
                    Optional.empty());
            var view = books.endpoints().add(duplicate ? draft.allowingDuplicate() : draft);
            out().println(view.endpoint().id());
            return 0;
        } catch (DuplicateEndpoint e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Another endpoint tells this URL of the same events already; say --allow-duplicate if every event shall come twice.");
        } catch (InvalidEndpoint e) {
            throw refused(e);
        }
    }

    @Command(
            name = "remove",
            description = "Removes an endpoint and what is on its way to it.",
            footer = {"", "Example: whatsapp webhook remove ep_1f2e3d4c5b6a7980"})
    int remove(@Parameters(paramLabel = "ID") String id) {
        try (var books = open.get()) {
            if (!books.endpoints().remove(id)) {
                throw new ParameterException(
                        spec.commandLine(), "There is no endpoint of that id. See: whatsapp webhook list");
            }
            return 0;
        } catch (InvalidEndpoint e) {
            throw refused(e);
        }
    }

    @Command(
            name = "deliveries",
            description = "Shows deliveries, newest first.",
            footer = {"", "Example: whatsapp webhook deliveries --status dead"})
    int deliveries(
            @Option(names = "--endpoint", paramLabel = "ID", description = "of one endpoint") String endpoint,
            @Option(names = "--status", paramLabel = "STATE", description = "waiting, delivered, dead or aside")
                    String status,
            @Option(names = "--since", paramLabel = "TIME", description = "a time such as 2026-11-21T10:00:00Z")
                    String since,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "how many (default: ${DEFAULT-VALUE})")
                    int limit) {
        try (var books = open.get()) {
            var list = new Listing("NUMBER", "EVENT", "TYPE", "ENDPOINT", "STATE", "ATTEMPTS", "DUE", "REASON");
            for (var view :
                    books.deliveries().list(selection(endpoint, status, since), 0, Math.clamp(limit, 1, 10_000))) {
                list.row(
                        view.seq(),
                        view.event(),
                        view.type(),
                        view.endpoint(),
                        view.state(),
                        view.attempts(),
                        Instant.ofEpochMilli(view.dueAt()),
                        view.asideWhy().isEmpty() ? view.lastError() : view.asideWhy());
            }
            list.print(out());
            return 0;
        } catch (InvalidEndpoint e) {
            throw refused(e);
        }
    }

    @Command(
            name = "replay",
            description = "Sends deliveries that are finished or set aside again, with their own ids and bodies.",
            footer = {"", "Example: whatsapp webhook replay --status dead --since 2026-11-21T00:00:00Z"})
    int replay(
            @Option(names = "--id", paramLabel = "N", description = "one delivery, by its number") Long id,
            @Option(names = "--endpoint", paramLabel = "ID", description = "of one endpoint") String endpoint,
            @Option(names = "--status", paramLabel = "STATE", description = "delivered, dead or aside") String status,
            @Option(names = "--since", paramLabel = "TIME", description = "a time such as 2026-11-21T10:00:00Z")
                    String since) {
        if (id == null && status == null && since == null) {
            throw new ParameterException(spec.commandLine(), "Say which: --id, --status or --since.");
        }
        try (var books = open.get()) {
            long replayed = id != null
                    ? (books.deliveries().replay(id) ? 1 : 0)
                    : books.deliveries().replay(selection(endpoint, status, since));
            out().println(replayed + " queued again");
            return replayed == 0 && id != null ? 1 : 0;
        } catch (InvalidEndpoint e) {
            throw refused(e);
        }
    }

    private DeliveryBook.Selection selection(String endpoint, String status, String since) {
        try {
            return new DeliveryBook.Selection(
                    Optional.ofNullable(endpoint),
                    Optional.ofNullable(status),
                    since == null
                            ? OptionalLong.empty()
                            : OptionalLong.of(Instant.parse(since).toEpochMilli()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new ParameterException(spec.commandLine(), "--since must be a time such as 2026-11-21T10:00:00Z.");
        }
    }

    private ParameterException refused(InvalidEndpoint e) {
        return new ParameterException(
                spec.commandLine(),
                e.all().stream()
                        .map(fault -> fault.field() + ": " + fault.getMessage())
                        .collect(Collectors.joining("; ", "", ".")));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
