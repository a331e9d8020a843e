package gateway.reference;

import java.util.stream.Collectors;

import gateway.check.Check;
import gateway.check.Checks;
import gateway.check.Item;
import gateway.check.Report;

/** The page of the guides' checklists: each item with what proves it. */
final class ChecklistPage {
    private ChecklistPage() {}

    static String text() {
        var page = new StringBuilder(ReferencePages.head("Security checklist", """
                The guides end in 82 boxes: 47 in the guide of best practices (A) and 35 in the checklist for deployment (B).
                `whatsapp check` answers those that have a check here. It says nothing about the others."""));
        page.append("\n")
                .append(Report.built())
                .append(" items have a check; for ")
                .append(Item.all().size() - Report.built())
                .append(
                        " none is built yet.\nA machine can prove most items. Some need a person too, and some a person alone.\n");
        page.append("\n## Items\n\n| item | phase | the guide asks | proved by | check |\n|---|---|---|---|---|\n");
        Checks.byItem()
                .forEach((item, checks) -> page.append("| ")
                        .append(item.id())
                        .append(" | ")
                        .append(item.phase().text())
                        .append(" | ")
                        .append(ReferencePages.cell(item.demand()))
                        .append(" | ")
                        .append(
                                switch (item.proof()) {
                                    case MACHINE -> "a machine";
                                    case BOTH -> "a machine and a person";
                                    case PERSON -> "a person";
                                })
                        .append(" | ")
                        .append(
                                checks.isEmpty()
                                        ? "not built yet"
                                        : checks.stream()
                                                .map(Check::name)
                                                .collect(Collectors.joining("`, `", "`", "`")))
                        .append(" |\n"));
        page.append("\n## Checks\n\n| check | area | severity | items | evidence |\n|---|---|---|---|---|\n");
        Checks.ALL.forEach(check -> page.append("| `")
                .append(check.name())
                .append("` | ")
                .append(check.area().text())
                .append(" | ")
                .append(check.severity().text())
                .append(" | ")
                .append(String.join(", ", check.ids()))
                .append(" | ")
                .append(ReferencePages.cell(check.evidence()))
                .append(" |\n"));
        return page.append("""

                ## Verdicts

                `pass`, `warn` and `fail` say how far the demand is met. `not applicable` says that the machine lacks what the demand is about.
                `unknown` says that the check could not look, and why. Each verdict has its evidence.
                Each verdict but `pass` and `not applicable` has a command that helps.

                A phase is when the guides ask. `--phase post` asks for the items of `pre` too.
                In that phase an unknown verdict of severity high counts as failed.

                ## What a run does to the machine

                A run reads files and settings, and asks systemd.
                It sends about 25 requests to listeners on loopback, all without a credential.
                They count in the rate of the address 127.0.0.1 alone.
                No request has a wrong credential. Therefore no address has to wait, and no login is reported as failed.
                A check ends after five seconds at the latest.
                """).toString();
    }
}
