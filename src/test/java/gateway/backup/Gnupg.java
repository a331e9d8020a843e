package gateway.backup;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The {@code gpg} of this machine with a home of its own, which makes the keys of the tests. */
public final class Gnupg implements AutoCloseable {
    public static final String PASSPHRASE = "correct horse battery ümlaut";
    private final Path home;
    private final Path folder;

    /** @param folder takes the exported keys */
    public Gnupg(Path folder) throws IOException {
        this.folder = folder;
        // The agent's socket has a short name only.
        this.home = Files.createTempDirectory(
                "gpg", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** A key pair: {@code <name>.asc} and {@code <name>-secret.asc} in the folder. @return the public key's file */
    public Path key(String name, String... options) throws Exception {
        var command = new ArrayList<>(List.of("--passphrase", PASSPHRASE));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "--quick-generate-key",
                name + "@example.com",
                "future-default",
                "default",
                options.length > 0 ? "1d" : "never"));
        run(command);
        run(List.of(
                "--armor", "--output", folder.resolve(name + ".asc").toString(), "--export", name + "@example.com"));
        run(List.of(
                "--passphrase",
                PASSPHRASE,
                "--armor",
                "--output",
                folder.resolve(name + "-secret.asc").toString(),
                "--export-secret-keys",
                name + "@example.com"));
        return folder.resolve(name + ".asc");
    }

    /** A file with the keys' passphrase. */
    public Path passphrase() throws IOException {
        return Files.writeString(folder.resolve("passphrase"), PASSPHRASE + "\n");
    }

    public Path home() {
        return home;
    }

    private void run(List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                "/usr/bin/gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--quiet",
                "--no-permission-warning",
                "--pinentry-mode",
                "loopback"));
        command.addAll(arguments);
        shell(command, folder);
    }

    /** Runs a command that must end with 0. @return what it wrote, both streams */
    static String shell(List<String> command, Path folder) throws Exception {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + ": " + out);
        return out;
    }

    /** Ends the agent and removes the home. The agent removes its sockets a moment after it was told to end. */
    @Override
    public void close() throws Exception {
        shell(List.of("/usr/bin/gpgconf", "--homedir", home.toString(), "--kill", "all"), folder);
        await().ignoreException(NoSuchFileException.class).until(() -> {
            BackupRun.clear(home, true);
            return true;
        });
    }
}
