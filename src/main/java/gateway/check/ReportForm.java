package gateway.check;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.check.CheckRun.Result;
import gateway.check.Report.Kind;
import gateway.config.OneLine;

/** A form in which a report is printed. */
public enum ReportForm {
    TEXT(report -> text(report, false)),
    JSON(ReportForm::json),
    JUNIT(ReportForm::junit),
    HTML(HtmlReport::of),
    PROMETHEUS(ReportForm::prometheus);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String RESET = "\u001B[0m";

    private final Function<Report, String> printer;

    ReportForm(Function<Report, String> printer) {
        this.printer = printer;
    }

    /** The whole report, with a line end at its end. */
    public String print(Report report) {
        return printer.apply(report);
    }

    /** The text with colours, for a terminal. */
    public static String coloured(Report report) {
        return text(report, true);
    }

    private static String text(Report report, boolean colours) {
        var text = new StringBuilder();
        for (var result : report.results()) {
            var verdict = result.verdict();
            var word = String.format("%-14s", verdict.word());
            text.append(colours ? colour(Kind.of(verdict)) + word + RESET : word)
                    .append("  ")
                    .append(result.check().name())
                    .append("  ")
                    .append(String.join(" ", result.check().ids()))
                    .append("\n                ")
                    .append(OneLine.of(verdict.evidence()))
                    .append('\n');
            if (!verdict.remedy().isEmpty()) {
                text.append("                try: ")
                        .append(OneLine.of(verdict.remedy()))
                        .append('\n');
            }
        }
        if (report.results().stream().anyMatch(report::isGrave)) {
            text.append("\nAfter a deployment, an unknown verdict of severity high is a failure.\n");
        }
        report.since()
                .ifPresent(since -> list(
                        text,
                        "Changed since " + (since.file().isEmpty() ? "the first report" : since.file()),
                        since.changes()));
        if (report.phase().isPresent()) {
            list(
                    text,
                    "What a person still has to do",
                    report.toDo().stream()
                            .map(one -> one.item() + " (" + one.demand() + "): " + one.command())
                            .toList());
        }
        return text.append('\n')
                .append(report.summary())
                .append('\n')
                .append(report.scope())
                .append('\n')
                .toString();
    }

    private static void list(StringBuilder text, String title, List<String> lines) {
        text.append('\n').append(title).append(":\n");
        lines.forEach(line -> text.append("  ").append(OneLine.of(line)).append('\n'));
        if (lines.isEmpty()) {
            text.append("  nothing\n");
        }
    }

    private static String colour(Kind kind) {
        return switch (kind) {
            case PASS -> "\u001B[32m";
            case NOT_APPLICABLE -> "\u001B[2m";
            case UNKNOWN -> "\u001B[35m";
            case WARN -> "\u001B[33m";
            case FAIL -> "\u001B[31m";
        };
    }

    private static String json(Report report) {
        var root = MAPPER.createObjectNode();
        root.put("time", report.time().toString());
        root.put("version", report.version());
        report.phase().ifPresent(phase -> root.put("phase", phase.text()));
        root.put("exit_code", report.exitCode());
        root.put("items", Item.all().size());
        root.put("items_built", Report.built());
        root.put("items_in_this_run", report.items());
        var counts = root.putObject("counts");
        report.counts().forEach((kind, count) -> counts.put(kind.text(), count));
        report.since().ifPresent(since -> {
            var node = root.putObject("since");
            node.put("file", since.file());
            node.put("sha256", since.sha256());
            since.changes().forEach(node.putArray("changes")::add);
        });
        FurtherLine.notBuilt().forEach(line -> root.withArray("not_built").add(line.id()));
        var toDo = root.putArray("to_do");
        for (var one : report.toDo()) {
            toDo.addObject().put("item", one.item()).put("demand", one.demand()).put("command", one.command());
        }
        var checks = root.putArray("checks");
        for (var result : report.results()) {
            var check = checks.addObject();
            check.put("name", result.check().name());
            check.put("area", result.check().area().text());
            check.put("severity", result.check().severity().text());
            result.check().ids().forEach(check.putArray("ids")::add);
            check.put("verdict", Kind.of(result.verdict()).text());
            check.put("evidence", result.verdict().evidence());
            check.put("remedy", result.verdict().remedy());
            check.put("seconds", result.took().toMillis() / 1_000.0);
        }
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of texts and numbers is always JSON", e);
        }
    }

    /** JUnit has no word for a warning: a failure is a failure, an unknown an error, a warning's text goes to the output. */
    private static String junit(Report report) {
        var counts = report.counts();
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append(String.format(
                Locale.ROOT,
                "<testsuite name=\"whatsapp check\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" timestamp=\"%s\">%n",
                report.results().size(),
                counts.get(Kind.FAIL),
                counts.get(Kind.UNKNOWN),
                counts.get(Kind.NOT_APPLICABLE),
                report.time()));
        report.results().forEach(result -> xml.append(testCase(result)));
        return xml.append("</testsuite>\n").toString();
    }

    private static String testCase(Result result) {
        var evidence = HtmlReport.escaped(result.verdict().evidence());
        var inner = switch (Kind.of(result.verdict())) {
            case PASS, WARN ->
                "<system-out>" + HtmlReport.escaped(result.verdict().word()) + ": " + evidence + "</system-out>";
            case NOT_APPLICABLE -> "<skipped message=\"" + evidence + "\"/>";
            case UNKNOWN -> "<error message=\"" + evidence + "\"/>";
            case FAIL -> "<failure message=\"" + evidence + "\"/>";
        };
        return String.format(
                Locale.ROOT,
                "  <testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">%s</testcase>%n",
                result.check().area().text(),
                result.check().name(),
                result.took().toMillis() / 1_000.0,
                inner);
    }

    /** Text for the node exporter: of an item that several checks prove, the worst verdict. */
    private static String prometheus(Report report) {
        var worst = new TreeMap<String, Kind>();
        for (var result : report.results()) {
            for (var id : result.check().ids()) {
                worst.merge(id, Kind.of(result.verdict()), (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
        }
        var text = new StringBuilder();
        text.append(
                "# HELP whatsapp_check_status 0 the item is met or not applicable, 1 it is met in part or not known, "
                        + "2 it is not met.\n# TYPE whatsapp_check_status gauge\n");
        worst.forEach((id, kind) -> text.append("whatsapp_check_status{id=\"")
                .append(id)
                .append("\"} ")
                .append(number(kind))
                .append('\n'));
        if (!report.ends().isEmpty()) {
            text.append("""
                    # HELP whatsapp_attestation_expiry_timestamp_seconds When the attestation of an item ends.
                    # TYPE whatsapp_attestation_expiry_timestamp_seconds gauge
                    """);
            new TreeMap<>(report.ends())
                    .forEach((id, end) -> text.append("whatsapp_attestation_expiry_timestamp_seconds{id=\"")
                            .append(id)
                            .append("\"} ")
                            .append(end.getEpochSecond())
                            .append('\n'));
            text.append("""
                    # HELP whatsapp_attestation_period_seconds How long an attestation of the item may hold.
                    # TYPE whatsapp_attestation_period_seconds gauge
                    """);
            new TreeMap<>(report.ends())
                    .forEach((id, end) -> text.append("whatsapp_attestation_period_seconds{id=\"")
                            .append(id)
                            .append("\"} ")
                            .append(Duration.ofDays(Item.of(id).days()).toSeconds())
                            .append('\n'));
        }
        return text + """
                # HELP whatsapp_check_last_run_timestamp_seconds When the last run ended.
                # TYPE whatsapp_check_last_run_timestamp_seconds gauge
                whatsapp_check_last_run_timestamp_seconds %d
                """.formatted(report.time().getEpochSecond());
    }

    private static int number(Kind kind) {
        return switch (kind) {
            case PASS, NOT_APPLICABLE -> 0;
            case UNKNOWN, WARN -> 1;
            case FAIL -> 2;
        };
    }
}
