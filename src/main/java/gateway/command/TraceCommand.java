package gateway.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.http.Envelope;
import gateway.process.PassingFault;

/** {@code whatsapp trace}: asks the running gateway for what an account's connection says and hears, and prints it. */
@Command(
        name = "trace",
        description = {
            "Prints the stanzas of an account's connection to WhatsApp, for a report of a fault.",
            "Keys, numbers, names and texts are replaced by pseudonyms, which are the same throughout one trace;",
            "read the output before you pass it on. Speaks to the gateway that runs on this machine with the same",
            "settings. The security log notes each trace. It ends by itself, also when this command is stopped.",
            "Ends 0 when the time is over, 2 when only a person can change what is wrong, 75 when it is worth trying",
            "again."
        },
        footer = {"", "Examples:", "  whatsapp trace default", "  whatsapp trace support-desk --for 2m > trace.txt"})
public final class TraceCommand implements Callable<Integer> {
    private static final Duration MAX = Duration.ofHours(1);
    /** Each look is a line in the security log, and a trace that nobody reads for a minute ends. */
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** The gateway's own end comes first. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final BiFunction<String, Duration, PairCommand.Open> open;
    private final Duration look;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ACCOUNT", description = "the account's device id, such as default")
    private String device = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "how long, such as 30s, 10m or 1h; at most 1h; default: 10m")
    private @Nullable String time;

    /** @param open opens the way to the running gateway, for the account of that id and so long */
    public TraceCommand(BiFunction<String, Duration, PairCommand.Open> open) {
        this(open, LOOK);
    }

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    TraceCommand(BiFunction<String, Duration, PairCommand.Open> open, Duration look) {
        this.open = open;
        this.look = look;
    }

    @Override
    public Integer call() {
        var length = Optional.ofNullable(time)
                .map(text -> PeriodOption.of(spec, "--for", text))
                .orElse(Duration.ofMinutes(10));
        if (length.compareTo(MAX) > 0 || length.isZero()) {
            throw new ParameterException(spec.commandLine(), "--for is between 1s and 1h");
        }
        try (var opened = open.apply(device, length.plus(GRACE))) {
            trace(opened.gateway(), length);
        }
        return 0;
    }

    private void trace(ApiClient gateway, Duration length) {
        PrintWriter out = spec.commandLine().getOut();
        var path = "/devices/" + ApiClient.part(device) + "/trace";
        gateway.post(path, Envelope.JSON.createObjectNode().put("seconds", length.toSeconds()));
        out.println("# A trace of " + length.toSeconds()
                + " s: < came in, > went out. Pseudonyms stand for keys, numbers,");
        out.println("# names and texts; the number in brackets is how long the replaced value is.");
        out.flush();
        long seen = 0;
        long end = System.nanoTime() + length.plus(GRACE).toNanos();
        while (true) {
            var results = gateway.get(path + "?after=" + seen);
            for (var line : results.path("lines")) {
                long number = line.path("number").longValue();
                if (number > seen + 1) {
                    out.println("# " + (number - seen - 1) + " lines were too many at once, and are missing");
                }
                seen = number;
                out.println(line.path("text").textValue());
            }
            out.flush();
            if (results.path("ended").booleanValue() || System.nanoTime() - end >= 0) {
                return;
            }
            if (results.path("lines").isEmpty()) {
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(look);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The command was interrupted.", e);
        }
    }
}
