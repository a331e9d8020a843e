package gateway.reference;

import java.util.List;
import java.util.stream.Collectors;

import gateway.check.Check;
import gateway.check.CheckRun;
import gateway.check.ChecklistProofs;
import gateway.check.Checks;
import gateway.check.FurtherLine;
import gateway.check.Item;
import gateway.check.RedProof;
import gateway.check.Report;

/** The page of the guides' checklists: each item with what proves it. */
final class ChecklistPage {
    private static final String NOT_BUILT = "not built";

    private ChecklistPage() {}

    /** A row for each check of an item; one row says so where none is built. */
    private static String rows(Item item, List<Check> checks) {
        var proof = switch (item.proof()) {
            case MACHINE -> "a machine";
            case BOTH -> "a machine and a person";
            case PERSON -> "a person";
        };
        var begin = "| " + item.id() + " | " + item.phase().text() + " | " + ReferencePages.cell(item.demand()) + " | "
                + proof + " | ";
        return checks.isEmpty()
                ? begin + NOT_BUILT + " | | | |\n"
                : checks.stream()
                        .map(check -> begin + ReferencePages.code(check.name()) + " | "
                                + ReferencePages.cell(check.evidence()) + " | " + proofs(check.name()) + " |\n")
                        .collect(Collectors.joining());
    }

    /** What is broken on a whole machine, and how many machines of maps the tests break. */
    private static String proofs(String check) {
        var proof = RedProof.of(check).map(one -> (one.isMissing() ? "missing: " : "") + one.how());
        return ReferencePages.cell(proof.orElse("in tests only")) + " | " + ChecklistProofs.redCases(check);
    }

    /** How many checks are proven on a whole machine, and which are not. */
    private static String counted() {
        var missing = RedProof.all().stream()
                .filter(RedProof::isMissing)
                .map(proof -> ReferencePages.code(proof.check()))
                .toList();
        return (RedProof.all().size() - missing.size()) + " checks have a red proof. Missing: "
                + (missing.isEmpty() ? "none" : String.join(", ", missing)) + ".\n";
    }

    static String text() {
        var page = new StringBuilder(ReferencePages.head("Security checklist", """
                The guides end in 82 boxes: 47 in the guide of best practices (A) and 35 in the checklist for deployment (B).
                Beside them the guides have 42 further lines. `whatsapp check` answers those that have a check here."""));
        page.append("\n")
                .append(Report.built())
                .append(" of ")
                .append(Item.all().size())
                .append(" items have a check. Of the further lines, ")
                .append(FurtherLine.notBuilt().size())
                .append(
                        " have none: they stand here as «not built».\nA machine can prove most items. Some need a person too, and some a person alone.\n");
        page.append(
                "\n## Items\n\n| item | phase | the guide asks | proved by | check | evidence | red proof | in tests |\n");
        page.append("|---|---|---|---|---|---|---|---|\n");
        Checks.byItem().forEach((item, checks) -> page.append(rows(item, checks)));
        page.append(
                "\n## Further lines\n\n| line | the guide says | check | red proof | in tests |\n|---|---|---|---|---|\n");
        FurtherLine.all()
                .forEach(line -> page.append("| ")
                        .append(line.id())
                        .append(" | ")
                        .append(ReferencePages.cell(line.demand()))
                        .append(" | ")
                        .append(line.check().map(ReferencePages::code).orElse(NOT_BUILT))
                        .append(" | ")
                        .append(line.check().map(ChecklistPage::proofs).orElse(" | "))
                        .append(" |\n"));
        page.append("\n## Checks\n\n| check | area | severity | items | evidence |\n|---|---|---|---|---|\n");
        Checks.of(true)
                .forEach(check -> page.append("| `")
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
                Without `--online` no request leaves the machine. With it, one handshake goes to the edge's public name.
                It sends requests to listeners on loopback, from the addresses 127.0.0.82 and 127.0.0.83.
                No client has these addresses. Therefore no client waits because of a run.
                One request has a password of the documents, which the gateway must refuse and record.
                One burst meets the limit of an address.
                Events go to the receivers in `WHATSAPP_WEBHOOK_PROBES` alone. No other receiver gets an event of a run.

                ## What only root can see

                The checks of firewall, sshd, the kernel's audit, packages and the last stop need root.
                Other users read the report that root's run wrote last. A report older than 26 hours counts as unknown.

                ## Attestations

                `whatsapp attest ITEM --by NAME --until DATE [--file FILE]` records what a person says about an item.
                The record lies in `attestations/` of the storage directory, and stands in the security log.
                It fails after its last day, when its file was changed, or when others than its owner could have written it.

                ## Red proofs

                A break changes one thing of a sound machine, and the check must see it and name it.
                The column «in tests» counts the breaks of machines that exist in maps only.
                The column «red proof» says what is broken on a whole machine, which the playbook has converged in a container.
                There, a whole run must show exactly that check red, with the right evidence, and those that the same break turns red.
                Then the break is undone, and the check must be green again.
                `make red-proofs` makes every break. Each run of CI makes a third of them, and the commit's hash chooses which.
                What a container's kernel does not offer has a stand-in, and the column says so.

                RED_PROOFS
                ## Limits of a run

                A check ends after SECONDS seconds at the latest.
                """.replace("RED_PROOFS", counted())
                        .replace("SECONDS", Long.toString(CheckRun.LIMIT.toSeconds())))
                .toString();
    }
}
