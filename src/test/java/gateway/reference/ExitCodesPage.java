package gateway.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

import gateway.process.ExitCode;

/** The page of the exit codes, and of what systemd does with each. */
final class ExitCodesPage {
    private static final Pattern PREVENTS = Pattern.compile("(?m)^RestartPreventExitStatus=(.+)$");
    private static final Pattern SUCCESS = Pattern.compile("(?m)^SuccessExitStatus=(.+)$");

    private ExitCodesPage() {}

    static String text() throws IOException {
        var unit = Files.readString(ReferencePages.ROOT.resolve("systemd/whatsapp.service"));
        var page = new StringBuilder(ReferencePages.head("Exit codes", """
                Every command of `whatsapp` ends with one of these codes. The right column is what `whatsapp.service` does after its
                server ended with that code."""));
        page.append("\n| code | meaning | systemd |\n|---|---|---|\n");
        ExitCode.meanings()
                .forEach((code, meaning) -> page.append("| `")
                        .append(code)
                        .append("` | ")
                        .append(ReferencePages.cell(meaning))
                        .append(" | ")
                        .append(code.equals(value(PREVENTS, unit)) ? "leaves it stopped" : "starts it again")
                        .append(" |\n"));
        return page.append("""

                Before it ends with `75`, a server under systemd waits up to 90 seconds for what is absent, and
                `systemctl status whatsapp` names it. A signal that the runtime obeyed ends it with `%s`, which systemd takes as an orderly
                stop. One line on standard error, beginning with `error:`, precedes every code but `0`.
                """.formatted(value(SUCCESS, unit))).toString();
    }

    private static String value(Pattern pattern, String unit) {
        return pattern.matcher(unit)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }
}
