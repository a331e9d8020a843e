package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code .env} encrypted and decrypted, against the gpg of this machine where there is one. */
class EnvCommandTest {
    private static final String TEXT = "APP_BASIC_AUTH=admin:kT8vQ2mZ7xR4nB9wL5cH\n";
    private static final String PASSPHRASE = "correct horse battery ümlaut";

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();
    private Path clear;
    private Path sealed;

    @BeforeEach
    void write() throws Exception {
        clear = Files.writeString(directory.resolve(".env"), TEXT);
        sealed = directory.resolve(".env.gpg");
    }

    private int run(String passphrase, String... arguments) {
        return new CommandLine(new EnvCommand(directory, () -> Optional.ofNullable(passphrase)))
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void nothingInClearIsLeftAndItComesBackForTheOwnerOnly() throws Exception {
        assertEquals(0, run(PASSPHRASE, "encrypt"), err.toString());
        assertFalse(Files.exists(clear));
        assertEquals(List.of(".env.gpg"), names());
        assertFalse(
                new String(Files.readAllBytes(sealed), java.nio.charset.StandardCharsets.ISO_8859_1).contains("admin"));
        assertEquals(0, run(PASSPHRASE, "decrypt"), err.toString());
        assertEquals(TEXT, Files.readString(clear));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(clear)));
    }

    @Test
    void withoutAPassphraseOrWithAnotherNothingIsChanged() throws Exception {
        assertEquals(2, run(null, "encrypt"));
        assertEquals(TEXT, Files.readString(clear));
        assertEquals(0, run(PASSPHRASE, "encrypt"));
        assertEquals(2, run("another", "decrypt"));
        assertTrue(err.toString().contains("does not open"), err.toString());
        assertEquals(List.of(".env.gpg"), names());
    }

    @Test
    void aChangedFileDoesNotOpen() throws Exception {
        run(PASSPHRASE, "encrypt");
        var bytes = Files.readAllBytes(sealed);
        bytes[bytes.length - 30] ^= 1;
        Files.write(sealed, bytes);
        assertEquals(2, run(PASSPHRASE, "decrypt"));
        assertFalse(Files.exists(clear));
    }

    @Test
    void aFileInClearIsNotOverwritten() throws Exception {
        run(PASSPHRASE, "encrypt");
        Files.writeString(clear, "NEWER=1\n");
        assertEquals(2, run(PASSPHRASE, "decrypt"));
        assertEquals("NEWER=1\n", Files.readString(clear));
    }

    @Test
    void gpgOpensWhatWeEncrypt() throws Exception {
        assertEquals(0, run(PASSPHRASE, "encrypt"));
        assertEquals(TEXT, gpg("--passphrase", PASSPHRASE, "--decrypt", sealed.toString()));
    }

    @Test
    void weOpenWhatGpgEncrypts() throws Exception {
        gpg("--passphrase", PASSPHRASE, "--symmetric", clear.toString());
        Files.delete(clear);
        assertEquals(0, run(PASSPHRASE, "decrypt"), err.toString());
        assertEquals(TEXT, Files.readString(clear));
    }

    /** The guide's own commands, {@code gpg --encrypt --recipient} and {@code gpg --decrypt}, in both directions. */
    @Test
    void aKeyOfGpgServesBothWays() throws Exception {
        gpg(
                "--passphrase",
                PASSPHRASE,
                "--quick-generate-key",
                "operator@example.com",
                "future-default",
                "default",
                "never");
        gpg("--armor", "--output", directory.resolve("operator.asc").toString(), "--export", "operator@example.com");
        gpg(
                "--passphrase",
                PASSPHRASE,
                "--armor",
                "--output",
                directory.resolve("secret.asc").toString(),
                "--export-secret-keys",
                "operator@example.com");
        assertEquals(0, run(null, "encrypt", "--recipient", "operator.asc"), err.toString());
        assertEquals(TEXT, gpg("--passphrase", PASSPHRASE, "--decrypt", sealed.toString()));
        Files.delete(sealed);
        Files.writeString(clear, TEXT);
        gpg("--trust-model", "always", "--recipient", "operator@example.com", "--encrypt", clear.toString());
        Files.delete(clear);
        assertEquals(2, run(PASSPHRASE, "decrypt"), "it is for a key");
        assertTrue(err.toString().contains("--key"), err.toString());
        assertEquals(0, run(PASSPHRASE, "decrypt", "--key", "secret.asc"), err.toString());
        assertEquals(TEXT, Files.readString(clear));
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("gnupg"))
                    .toList();
        }
    }

    private String gpg(String... arguments) throws Exception {
        var home = Files.createDirectories(
                directory.resolve("gnupg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var command = new ArrayList<>(List.of(
                "/usr/bin/gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--quiet",
                "--no-permission-warning",
                "--pinentry-mode",
                "loopback"));
        command.addAll(List.of(arguments));
        var log = directory.resolve("gnupg/log").toFile();
        var builder = new ProcessBuilder(command).redirectError(log);
        builder.environment().put("LC_ALL", "C.UTF-8");
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> {
            try {
                return Files.readString(log.toPath());
            } catch (java.io.IOException e) {
                return e.toString();
            }
        });
        return out;
    }
}
