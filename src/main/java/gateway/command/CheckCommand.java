package gateway.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import gateway.check.Check;
import gateway.check.Check.Phase;
import gateway.check.CheckRun;
import gateway.check.Checks;
import gateway.check.Evidence;
import gateway.check.Report;
import gateway.check.ReportForm;
import gateway.config.catalogue.Spelling;

/** {@code whatsapp check}: looks, and changes nothing. */
@Command(
        name = "check",
        description = {
            "Compares this machine with the guides' security checklists, as far as checks are built.",
            "Run it as the gateway's user and with the gateway's settings. It only reads, and asks on loopback.",
            "Exits 0 when everything passes, 1 when a check fails, 2 for usage, 3 when one warns or could not look.",
            "With --phase post, a check of severity high that could not look counts as failed."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp check",
            "  whatsapp check --phase weekly --format html > weekly.html",
            "  whatsapp check --only certificate --only tls-versions",
            "  whatsapp check --format prometheus > /var/lib/prometheus/node-exporter/whatsapp_check.prom"
        })
public final class CheckCommand implements Callable<Integer> {
    private final Supplier<Evidence> evidence;
    private final String version;
    private final Optional<Boolean> terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            description = "pre, post, weekly, monthly or quarterly: only the checks of that phase; post includes pre")
    private Optional<String> phase = Optional.empty();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "a check's name or an item's id, such as certificate or A-TLS-1; may be repeated")
    private List<String> only = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, junit, html or prometheus (default: ${DEFAULT-VALUE})")
    private String format = "text";

    /** @param evidence opens the way to the machine when the command runs */
    public CheckCommand(Supplier<Evidence> evidence, String version) {
        this(evidence, version, Optional.empty());
    }

    /** @param terminal whether both streams are a terminal; found out when empty */
    CheckCommand(Supplier<Evidence> evidence, String version, Optional<Boolean> terminal) {
        this.evidence = evidence;
        this.version = version;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var asked = phase.map(word -> chosen("--phase", word, Phase.values()));
        var form = chosen("--format", format, ReportForm.values());
        var checks = checks(asked);
        boolean drawing = terminal.orElseGet(CheckCommand::isTerminal);
        var machine = evidence.get();
        var err = spec.commandLine().getErr();
        var results = new CheckRun(machine, CheckRun.LIMIT).of(checks, done -> {
            if (drawing) {
                err.print("\r" + done + " of " + checks.size() + " checks");
                err.flush();
            }
        });
        if (drawing) {
            err.print("\r\u001B[K");
            err.flush();
        }
        var report = new Report(machine.now(), version, asked, results);
        PrintWriter out = spec.commandLine().getOut();
        out.print(form == ReportForm.TEXT && drawing ? ReportForm.coloured(report) : form.print(report));
        out.flush();
        return report.exitCode();
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal() && System.getenv("NO_COLOR") == null;
    }

    private List<Check> checks(Optional<Phase> asked) {
        for (var name : only) {
            if (Checks.ALL.stream().noneMatch(check -> isNamed(check, name))) {
                throw new ParameterException(spec.commandLine(), "--only names no check that is built" + hint(name));
            }
        }
        var checks = Checks.ALL.stream()
                .filter(check -> asked.isEmpty() || check.isOf(asked.get()))
                .filter(check -> only.isEmpty() || only.stream().anyMatch(name -> isNamed(check, name)))
                .toList();
        if (checks.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--only names no check of this --phase.");
        }
        return checks;
    }

    private static boolean isNamed(Check check, String name) {
        return check.name().equals(name) || check.ids().contains(name.toUpperCase(Locale.ROOT));
    }

    private static String hint(String name) {
        var known = Checks.ALL.stream()
                .flatMap(check -> Stream.concat(Stream.of(check.name()), check.ids().stream()))
                .collect(Collectors.toSet());
        return Spelling.nearest(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse(".");
    }

    private <E extends Enum<E>> E chosen(String option, String word, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equals(word.toUpperCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        option + " must be one of "
                                + Arrays.stream(values)
                                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
