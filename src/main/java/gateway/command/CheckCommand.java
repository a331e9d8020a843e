package gateway.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import gateway.check.Check;
import gateway.check.Check.Half;
import gateway.check.Check.Phase;
import gateway.check.CheckRun;
import gateway.check.Checks;
import gateway.check.Evidence;
import gateway.check.Item;
import gateway.check.Report;
import gateway.check.ReportForm;
import gateway.check.ReportShelf;
import gateway.check.Unseen;
import gateway.config.catalogue.Spelling;

/** {@code whatsapp check}: looks, and changes nothing. */
@Command(
        name = "check",
        description = {
            "Compares this machine with the guides' security checklists.",
            "Run it as the gateway's user and with the gateway's settings. It reads, and sends requests on loopback alone unless --online.",
            "What only root can see is read from the report that whatsapp-check.service made last.",
            "Exits 0 when everything passes, 1 when a check fails, 2 for usage, 3 when one warns or could not look.",
            "With --phase post, a check of severity high that could not look counts as failed."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp check",
            "  whatsapp check --phase weekly --format html > weekly.html",
            "  whatsapp check --phase weekly --keep /var/lib/whatsapp-check/reports --figures /tmp/whatsapp_check.prom",
            "  whatsapp check --half root --format json --output /var/lib/whatsapp-check/root.json",
            "  whatsapp check --only certificate --only tls-versions",
            "  whatsapp check --online --only certificate-from-outside",
            "  whatsapp check --format prometheus > /var/lib/prometheus/node-exporter/whatsapp_check.prom"
        })
public final class CheckCommand implements Callable<Integer> {
    private static final String BOTH = "both";

    private final Supplier<Evidence> evidence;
    private final String version;
    private final ReportShelf.Noted noted;
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

    @Option(
            names = "--online",
            description =
                    "also make the checks that leave this machine: they ask the edge's public name, and nobody else")
    private boolean online;

    @Option(
            names = "--half",
            paramLabel = "HALF",
            defaultValue = "both",
            description =
                    "own, root or both: the checks without root, those that need root, or all (default: ${DEFAULT-VALUE})")
    private String half = BOTH;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "write the report into this file, whole or not at all, and print nothing")
    private @Nullable Path output;

    @Option(
            names = "--keep",
            paramLabel = "DIRECTORY",
            description = "with --phase: keep the report there as JSON and HTML, with its hash in the security log")
    private @Nullable Path keep;

    @Option(
            names = "--figures",
            paramLabel = "FILE",
            description =
                    "also make the checks of every other phase, and write the figures of all for Prometheus into FILE")
    private @Nullable Path figures;

    /**
     * @param evidence opens the way to the machine when the command runs
     * @param noted    writes the hash of a kept report to the security log
     */
    public CheckCommand(Supplier<Evidence> evidence, String version, ReportShelf.Noted noted) {
        this(evidence, version, noted, Optional.empty());
    }

    /** @param terminal whether both streams are a terminal; found out when empty */
    CheckCommand(Supplier<Evidence> evidence, String version, ReportShelf.Noted noted, Optional<Boolean> terminal) {
        this.evidence = evidence;
        this.version = version;
        this.noted = noted;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var asked = phase.map(word -> chosen("--phase", word, Phase.values()));
        var form = chosen("--format", format, ReportForm.values());
        if (keep != null && asked.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--keep needs --phase: a report is of a phase.");
        }
        var reported = checks(asked);
        var checks = figures == null ? reported : checks(Optional.empty());
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
        try {
            var ends = ends(machine, checks);
            var names = reported.stream().map(Check::name).collect(Collectors.toSet());
            var own = results.stream()
                    .filter(result -> names.contains(result.check().name()))
                    .toList();
            var since = Optional.ofNullable(keep)
                    .map(directory -> new ReportShelf(directory).since(asked.orElseThrow(), own, machine.now()));
            var report = new Report(machine.now(), version, asked, own, since, ends);
            if (figures != null) {
                var all = new Report(machine.now(), version, Optional.empty(), results, Optional.empty(), ends);
                written("--figures", figures, ReportForm.PROMETHEUS.print(all));
            }
            if (keep != null) {
                new ReportShelf(keep).keep(report, asked.orElseThrow(), noted);
            }
            print(report, form, drawing);
            return report.exitCode();
        } catch (UncheckedIOException e) {
            return UsageErrors.refused(spec, e.getMessage() + ".");
        }
    }

    private void print(Report report, ReportForm form, boolean drawing) {
        if (output != null) {
            written("--output", output, form.print(report));
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(form == ReportForm.TEXT && drawing ? ReportForm.coloured(report) : form.print(report));
        out.flush();
    }

    private static void written(String option, Path file, String text) {
        try {
            ReportShelf.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(option + " cannot be written", e);
        }
    }

    /** When the attestations of the items end that this run is about. */
    private static Map<String, Instant> ends(Evidence machine, List<Check> checks) {
        var ends = new HashMap<String, Instant>();
        for (var check : checks) {
            for (var id : check.ids()) {
                if (Item.of(id).isAttested()) {
                    try {
                        machine.attestation(id)
                                .filter(found -> found.trouble().isEmpty())
                                .ifPresent(found ->
                                        ends.put(id, found.attestation().end()));
                    } catch (Unseen e) {
                        // The item's check reports that the attestation cannot be read.
                        continue;
                    }
                }
            }
        }
        return ends;
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal() && System.getenv("NO_COLOR") == null;
    }

    private List<Check> checks(Optional<Phase> asked) {
        for (var name : only) {
            if (Checks.of(true).stream().noneMatch(check -> isNamed(check, name))) {
                throw new ParameterException(spec.commandLine(), "--only names no check" + hint(name));
            }
            if (Checks.of(online).stream().noneMatch(check -> isNamed(check, name))) {
                throw new ParameterException(spec.commandLine(), "--only names a check that needs --online.");
            }
        }
        var whose = half.equalsIgnoreCase(BOTH)
                ? Optional.<Half>empty()
                : Optional.of(chosen("--half", half, Half.values()));
        var checks = Checks.of(online).stream()
                .filter(check -> whose.isEmpty() || check.half() == whose.get())
                .map(check -> whose.isEmpty() ? check.withoutRoot() : check)
                .filter(check -> asked.isEmpty() || check.isOf(asked.get()))
                .filter(check -> only.isEmpty() || only.stream().anyMatch(name -> isNamed(check, name)))
                .toList();
        if (checks.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--only, --phase and --half leave no check.");
        }
        return checks;
    }

    private static boolean isNamed(Check check, String name) {
        return check.name().equals(name) || check.ids().contains(name.toUpperCase(Locale.ROOT));
    }

    private static String hint(String name) {
        var known = Checks.of(true).stream()
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
