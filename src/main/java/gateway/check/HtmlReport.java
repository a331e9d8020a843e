package gateway.check;

import java.util.List;

import gateway.check.Report.Kind;
import gateway.config.OneLine;

/** A report as one page of HTML that can be printed and signed. It loads nothing and runs nothing. */
final class HtmlReport {
    private static final String STYLE = """
            body { font: 11pt/1.4 sans-serif; margin: 2em; }
            table { border-collapse: collapse; width: 100%; }
            th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; }
            tr { page-break-inside: avoid; }
            .fail { background: #fbd5d5; } .warn, .unknown { background: #fdf3c8; } .pass { background: #dff3df; }
            .sign { margin-top: 3em; }
            """;

    private HtmlReport() {}

    static String of(Report report) {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.append("<title>WhatsApp Gateway: security checklist</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>WhatsApp Gateway: security checklist</h1>\n<p>")
                .append(escaped(report.time() + ", version " + report.version()
                        + report.phase().map(phase -> ", phase " + phase.text()).orElse("")))
                .append("</p>\n<p>")
                .append(escaped(report.summary() + " " + report.scope()))
                .append("</p>\n<table>\n<thead><tr><th>item</th><th>the guide asks</th><th>check</th><th>verdict</th>"
                        + "<th>evidence</th><th>remedy</th></tr></thead>\n<tbody>\n");
        for (var result : report.results()) {
            var verdict = result.verdict();
            var kind = Kind.of(verdict);
            for (var id : result.check().ids()) {
                page.append("<tr class=\"")
                        .append(kind.text())
                        .append("\"><td>")
                        .append(id)
                        .append("</td><td>")
                        .append(escaped(Item.of(id).demand()))
                        .append("</td><td>")
                        .append(result.check().name())
                        .append("</td><td>")
                        .append(verdict.word())
                        .append("</td><td>")
                        .append(escaped(verdict.evidence()))
                        .append("</td><td>")
                        .append(verdict.remedy().isEmpty() ? "" : "<code>" + escaped(verdict.remedy()) + "</code>")
                        .append("</td></tr>\n");
            }
        }
        page.append("</tbody>\n</table>\n");
        report.since()
                .ifPresent(since -> list(
                        page,
                        "Changed since " + (since.file().isEmpty() ? "the first report" : since.file()),
                        since.changes()));
        list(
                page,
                "What a person still has to do",
                report.toDo().stream()
                        .map(one -> one.item() + " (" + one.demand() + "): " + one.command())
                        .toList());
        list(
                page,
                "Lines of the guides that no check answers: not built",
                FurtherLine.notBuilt().stream()
                        .map(line -> line.id() + " (" + line.demand() + ")")
                        .toList());
        return page.append("<p class=\"sign\">Date: ____________ Name: ____________________ ")
                .append("Signature: ____________________</p>\n</body>\n</html>\n")
                .toString();
    }

    private static void list(StringBuilder page, String title, List<String> lines) {
        page.append("<h2>").append(escaped(title)).append("</h2>\n<ul>\n");
        (lines.isEmpty() ? List.of("nothing") : lines)
                .forEach(line -> page.append("<li>").append(escaped(line)).append("</li>\n"));
        page.append("</ul>\n");
    }

    /** A text for HTML and XML: on one line, and nothing that is markup. */
    static String escaped(String text) {
        return OneLine.of(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
