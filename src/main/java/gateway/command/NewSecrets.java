package gateway.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import picocli.CommandLine.Model.CommandSpec;

import gateway.config.SecretFile;
import gateway.rotation.Rotated;

/**
 * How an operator learns of the secrets that were rotated.
 *
 * @param show    prints each on standard output
 * @param out     the directory that gets a file of each; empty for none
 * @param overlap how long the old ones stay good, as the operator gave it
 */
record NewSecrets(CommandSpec command, boolean show, Optional<Path> out, String overlap) {

    /**
     * Says what was done, and hands the secret over as the operator asked. A file that cannot be written is a warning.
     */
    void tell(Rotated done) {
        var terminal = command.commandLine().getOut();
        out.ifPresent(directory -> done.shown().ifPresent(secret -> write(directory, done.what(), secret.reveal())));
        terminal.println(done.what() + ": the new one is in " + done.where()
                + done.oldUntil()
                        .map(end -> "; the old one is good until " + end)
                        .orElse("; the old one is no longer valid"));
        if (!done.note().isEmpty()) {
            terminal.println("  " + done.note());
        }
        if (show) {
            done.shown().ifPresent(secret -> terminal.println(secret.reveal()));
        }
        terminal.flush();
    }

    private void write(Path directory, String name, String secret) {
        var file = directory.resolve(name);
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            SecretFile.write(file, secret + "\n");
        } catch (IOException e) {
            var old = PeriodOption.of(command, "--overlap", overlap).isZero()
                    ? ""
                    : "the old one stays good for " + overlap + ": ";
            var err = command.commandLine().getErr();
            err.println("warning: " + file + " cannot be written ("
                    + e.getClass().getSimpleName() + "); " + old + "rotate again with --show");
            err.flush();
        }
    }
}
