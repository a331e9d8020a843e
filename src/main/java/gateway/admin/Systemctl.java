package gateway.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program {@code systemctl}, asked and answered in its own terms, without a password prompt. */
final class Systemctl {
    /** A start waits for the unit's own word that it is ready, at most its TimeoutStartSec. */
    private static final Duration MAX = Duration.ofSeconds(120);

    private final Path program;

    Systemctl(Path program) {
        this.program = program;
    }

    /** What it printed, and how it ended. */
    record Answer(int exit, String output, String error) {
        boolean succeeded() {
            return exit == 0;
        }
    }

    /** @throws Supervisor.Unreachable when it could not be run to its end */
    Answer run(List<String> arguments) {
        var command = new ArrayList<>(List.of(program.toString(), "--no-ask-password", "--no-pager"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            var process = builder.start();
            var errors = new StringBuilder();
            var reader = Thread.ofVirtual().start(() -> errors.append(text(process.getErrorStream())));
            var killer = Thread.ofVirtual().start(() -> kill(process));
            var output = text(process.getInputStream());
            reader.join();
            int exit = process.waitFor();
            killer.interrupt();
            return new Answer(exit, output, errors.toString().strip());
        } catch (IOException e) {
            throw new Supervisor.Unreachable("systemctl cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Supervisor.Unreachable("The Admin API is stopping.");
        }
    }

    private static String text(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static void kill(Process process) {
        try {
            if (!process.waitFor(MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
