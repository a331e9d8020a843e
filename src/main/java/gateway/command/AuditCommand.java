package gateway.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import gateway.audit.AuditVerifier;
import gateway.process.DiskTrouble;
import gateway.process.ExitCode;
import gateway.process.ExplainedFault;

/** {@code whatsapp audit}: needs no running server; the database is asked when it can be. */
@Command(
        name = "audit",
        description = "The security log.",
        footer = {"", "Example: whatsapp audit verify --log /var/log/whatsapp/security.log"})
public final class AuditCommand implements Runnable {
    private static final int SOUND = 0;
    private static final int CHANGED = 1;

    /**
     * Where the log and its keys are when no option says so.
     *
     * @param anchors the checkpoints that the database kept; throws what it likes when the database cannot be asked
     */
    public record Places(Path log, Path keys, Supplier<List<String>> anchors) {}

    private final Supplier<Places> places;

    @Spec
    private CommandSpec spec;

    public AuditCommand(Supplier<Places> places) {
        this.places = places;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: verify.");
    }

    @Command(
            name = "verify",
            description = {
                "Checks every line, the rotated files and the checkpoints.",
                "Exits 0 when all is sound, 1 when something was changed (the first bad line is named), 2 when it cannot be checked,",
                "75 when that may be over by itself."
            },
            footer = {"", "Example: whatsapp audit verify --checkpoints-from /mnt/usb/checkpoints"})
    int verify(
            @Option(names = "--log", paramLabel = "FILE", description = "the log; rotated files beside it are found")
                    Path log,
            @Option(names = "--seed", paramLabel = "FILE", description = "audit.seed, when it was moved elsewhere")
                    Path seed,
            @Option(names = "--key", paramLabel = "FILE", description = "audit.pub, when it was moved elsewhere")
                    Path key,
            @Option(
                            names = "--checkpoints-from",
                            paramLabel = "FILE",
                            description = "a copy of the checkpoints kept elsewhere")
                    Path copy) {
        try {
            Places here = places.get();
            Path file = log == null ? here.log() : log;
            var verifier = new AuditVerifier(
                    seed == null ? here.keys().resolve("audit.seed") : seed,
                    key == null ? here.keys().resolve("audit.pub") : key);
            var report = verifier.verify(
                    AuditVerifier.rotated(file),
                    checkpoints(file, copy),
                    anchors(here),
                    Optional.of(here.keys().resolve("audit.state")).filter(Files::isReadable));
            return report.problem().map(this::changed).orElseGet(() -> sound(report.lines()));
        } catch (IOException e) {
            int code = UsageErrors.refused(spec, "it cannot be checked: " + e.getMessage());
            return DiskTrouble.of(e, Path.of("")).isPassing() ? ExitCode.ABSENT_FOR_NOW : code;
        } catch (ExplainedFault e) {
            int code = UsageErrors.refused(spec, "it cannot be checked: " + e.getMessage());
            return e.isPassing() ? ExitCode.ABSENT_FOR_NOW : code;
        }
    }

    private static List<Path> checkpoints(Path log, Path copy) {
        var files = new ArrayList<Path>();
        Path own = log.resolveSibling("audit.checkpoints");
        if (Files.exists(own)) {
            files.add(own);
        }
        if (copy != null) {
            files.add(copy);
        }
        return files;
    }

    private List<String> anchors(Places here) {
        try {
            return here.anchors().get();
        } catch (RuntimeException e) {
            spec.commandLine()
                    .getErr()
                    .println("warning: the checkpoints in the database were not compared: " + e.getMessage());
            return List.of();
        }
    }

    private int changed(String problem) {
        spec.commandLine().getErr().println(problem);
        spec.commandLine().getErr().flush();
        return CHANGED;
    }

    private int sound(long lines) {
        spec.commandLine().getOut().println("Sound: " + lines + " lines.");
        spec.commandLine().getOut().flush();
        return SOUND;
    }
}
