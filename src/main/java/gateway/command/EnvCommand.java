package gateway.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.config.SecretFile;
import gateway.process.DiskTrouble;
import gateway.process.ExitCode;
import gateway.secret.OpenPgp;

/** {@code whatsapp env}: the guide's gpg of {@code .env}, without the clear copy that its commands leave behind. */
@Command(
        name = "env",
        description = "Keeps .env encrypted by OpenPGP; gpg reads and writes the same files.",
        footer = {
            "",
            "Examples:",
            "  whatsapp env encrypt                           # asks for a passphrase",
            "  whatsapp env encrypt --recipient operator.asc  # for the owner of a key",
            "  whatsapp env decrypt"
        })
public final class EnvCommand implements Runnable {
    private static final String CLEAR = ".env";
    private static final String SEALED = ".gpg";

    private final Path directory;
    private final PasswordInput input;

    @Spec
    private CommandSpec spec;

    /** @param directory relative files start there */
    public EnvCommand(Path directory, PasswordInput input) {
        this.directory = directory;
        this.input = input;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: encrypt or decrypt.");
    }

    @Command(
            name = "encrypt",
            description = {
                "Writes FILE.gpg and removes FILE once that is on disk and opens again.",
                "What a disk held can outlive its removal: rotate the secrets of a file that lay in clear for long."
            },
            footer = {"", "Example: whatsapp env encrypt"})
    int encrypt(
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "default .env") Path file,
            @Option(
                            names = "--recipient",
                            paramLabel = "KEYFILE",
                            description = "encrypt for the owner of this public key, as gpg --export writes it")
                    Path recipient) {
        var clear = directory.resolve(file == null ? Path.of(CLEAR) : file);
        var sealed = clear.resolveSibling(clear.getFileName() + SEALED);
        return doing(clear, () -> {
            if (!Files.isRegularFile(clear, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("is not a file");
            }
            var text = Files.readAllBytes(clear);
            if (recipient != null) {
                SecretFile.write(sealed, OpenPgp.encrypt(text, Files.readAllBytes(directory.resolve(recipient))));
            } else {
                var passphrase = passphrase();
                SecretFile.write(sealed, OpenPgp.encrypt(text, passphrase));
                if (!Arrays.equals(text, OpenPgp.decrypt(Files.readAllBytes(sealed), passphrase, Optional.empty()))) {
                    throw new IOException("did not come back whole from " + sealed + " and was left");
                }
            }
            Files.delete(clear);
            return "Encrypted to " + sealed + "; " + clear + " is removed.";
        });
    }

    @Command(
            name = "decrypt",
            description = "Writes FILE from FILE.gpg, for its owner only. FILE.gpg stays.",
            footer = {"", "Example: whatsapp env decrypt"})
    int decrypt(
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "default .env.gpg") Path file,
            @Option(
                            names = "--key",
                            paramLabel = "KEYFILE",
                            description =
                                    "open with this secret key, as gpg --export-secret-keys writes it; its passphrase is asked for")
                    Path key) {
        var sealed = directory.resolve(file == null ? Path.of(CLEAR + SEALED) : file);
        var name = sealed.getFileName().toString();
        var clear = sealed.resolveSibling(
                name.endsWith(SEALED) ? name.substring(0, name.length() - SEALED.length()) : CLEAR);
        return doing(sealed, () -> {
            if (Files.exists(clear, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("is left as it is, because " + clear + " is there already; move it away");
            }
            var secretKey =
                    key == null ? Optional.<byte[]>empty() : Optional.of(Files.readAllBytes(directory.resolve(key)));
            SecretFile.write(clear, OpenPgp.decrypt(Files.readAllBytes(sealed), passphrase(), secretKey));
            return "Decrypted to " + clear + ", for its owner only.";
        });
    }

    private char[] passphrase() throws IOException {
        return input.read()
                .orElseThrow(() -> new IOException("needs a passphrase: type it twice alike, or pipe it in"))
                .toCharArray();
    }

    /** Work on one file. */
    private interface Deed {
        String done() throws IOException, OpenPgp.Unopened;
    }

    private int doing(Path file, Deed deed) {
        try {
            spec.commandLine().getOut().println(deed.done());
            spec.commandLine().getOut().flush();
            return 0;
        } catch (java.nio.file.NoSuchFileException e) {
            return UsageErrors.refused(spec, e.getFile() + " is not there.");
        } catch (java.nio.file.FileSystemException e) {
            var trouble = DiskTrouble.of(e, file);
            int code = UsageErrors.refused(
                    spec, e.getFile() + " cannot be read or written: " + trouble.words() + ". " + trouble.remedy());
            return trouble.isPassing() ? ExitCode.ABSENT_FOR_NOW : code;
        } catch (IOException e) {
            int code = UsageErrors.refused(spec, file + " " + e.getMessage() + ".");
            return DiskTrouble.of(e, file).isPassing() ? ExitCode.ABSENT_FOR_NOW : code;
        } catch (OpenPgp.Unopened e) {
            return UsageErrors.refused(spec, file + " " + e.getMessage() + ".");
        }
    }
}
