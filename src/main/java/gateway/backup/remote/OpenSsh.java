package gateway.backup.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import gateway.config.BackupAddress;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/** OpenSSH's programs at one address: {@code sftp} with a list of commands, and {@code ssh} with a stream. */
final class OpenSsh {
    private static final Path SFTP = Path.of("/usr/bin/sftp");
    private static final Path SSH = Path.of("/usr/bin/ssh");
    private static final Duration PATIENCE = Duration.ofHours(2);
    /** How long a program may take to say why it ended the stream. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final int MAX_OUTPUT = 8 << 20;
    private static final int MAX_TOLD = 160;

    private final BackupAddress.Sftp address;
    private final Path key;
    private final Path knownHosts;

    OpenSsh(BackupAddress.Sftp address, Path key, Path knownHosts) {
        this.address = address;
        this.key = key;
        this.knownHosts = knownHosts;
    }

    private interface Talk {
        String with(Process process) throws IOException;
    }

    /**
     * Runs commands of sftp, the first failure of which ends them.
     *
     * @param deed what the commands do, for the sentence that tells of a failure
     * @return what sftp printed
     */
    String run(String deed, String... lines) {
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        var command = command(SFTP, "-b", "-");
        command.addAll(List.of("-P", String.valueOf(address.port()), address.user() + "@" + host));
        try {
            return talk(deed, command, process -> {
                try (var in = process.getOutputStream()) {
                    in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException ended) {
                    // The program ended before it read every command; its exit code and its errors tell why.
                }
                return text(process.getInputStream());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file as a stream.
     *
     * @param most as in {@link RemotePlace#get}
     * @throws IOException when {@code into} does not take what comes
     */
    void read(String deed, String path, long most, OutputStream into) throws IOException {
        var command = command(SSH, "-T");
        command.addAll(List.of("-p", String.valueOf(address.port()), "-l", address.user()));
        command.addAll(List.of("-s", "--", address.host(), "sftp"));
        talk(deed, command, process -> {
            new SftpStream(process.getInputStream(), process.getOutputStream()).copy(path, most, into);
            process.destroy();
            return "";
        });
    }

    private List<String> command(Path program, String... first) {
        var command = new ArrayList<>(List.of(program.toString(), "-F", "/dev/null"));
        command.addAll(List.of(first));
        for (var option : List.of(
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "IdentityFile=" + key,
                "PreferredAuthentications=publickey",
                "PasswordAuthentication=no",
                "KbdInteractiveAuthentication=no",
                "StrictHostKeyChecking=yes",
                "UserKnownHostsFile=" + knownHosts,
                "GlobalKnownHostsFile=/dev/null",
                "UpdateHostKeys=no",
                "ConnectTimeout=20",
                "ServerAliveInterval=15",
                "ServerAliveCountMax=4",
                "LogLevel=ERROR")) {
            command.addAll(List.of("-o", option));
        }
        return command;
    }

    private String talk(String deed, List<String> command, Talk talk) throws IOException {
        for (var file : List.of(key, knownHosts)) {
            if (!Files.isReadable(file)) {
                throw new ExplainedFault(
                        "The place " + address.name() + " needs the file " + file + ", which cannot be read.");
            }
            if (file.toString().matches("(?s).*[\\s\"%].*")) {
                throw new ExplainedFault("The path " + file
                        + " has a space, quotation mark or percent sign, which sftp would not understand.");
            }
        }
        var process = started(command);
        var killer = Thread.ofVirtual().start(() -> limit(process));
        var errors = new StringBuilder();
        var reader = Thread.ofVirtual().start(() -> errors.append(text(process.getErrorStream())));
        try {
            var answer = "";
            var trouble = "";
            try {
                answer = talk.with(process);
            } catch (SftpStream.Broken broken) {
                trouble = broken.getMessage();
                if (!process.waitFor(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroy();
                }
            }
            int exit = process.waitFor();
            reader.join();
            // A stream whose file came whole is ended from here.
            boolean failed = exit != 0 && command.getFirst().equals(SFTP.toString());
            if (failed || !trouble.isEmpty()) {
                throw fault(deed, exit, errors + "\n" + (errors.isEmpty() ? trouble : ""));
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The work on " + address.name() + " was interrupted.", e);
        } finally {
            process.destroyForcibly();
            killer.interrupt();
        }
    }

    private static Process started(List<String> command) {
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin");
            builder.environment().put("LC_ALL", "C.UTF-8");
            return builder.start();
        } catch (IOException e) {
            throw new ExplainedFault(
                    "The program " + command.getFirst() + " cannot be run: install openssh-client.", e);
        }
    }

    private static void limit(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private ExplainedFault fault(String deed, int exit, String errors) {
        var told = errors.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, last) -> last)
                .orElse("it ended with " + exit)
                .replaceAll("[^\\p{Print}]", "?")
                .strip();
        var begin = "The place " + address.name() + " did not " + deed + ": "
                + told.substring(0, Math.min(told.length(), MAX_TOLD)) + ". ";
        if (errors.contains("Host key verification failed")) {
            return new ExplainedFault(begin + "The server's key is not the one in " + knownHosts
                    + ". Ask the server's operator which key is right; write it there with ssh-keyscan.");
        }
        if (errors.contains("Permission denied (")) {
            return new ExplainedFault(begin + "Put the public half of " + key + " into the authorized_keys of "
                    + address.user() + " there.");
        }
        if (errors.contains("UNPROTECTED PRIVATE KEY") || errors.contains("Load key ")) {
            return new ExplainedFault(begin + "The key " + key + " must be an OpenSSH key without a passphrase"
                    + " that only its owner can read.");
        }
        if (errors.contains("Permission denied") || errors.contains("No such file") || errors.contains("not found")) {
            return new ExplainedFault(begin + "Make the directory there, and let " + address.user() + " write to it.");
        }
        return new PassingFault(begin + "Look at that server and its disk; the next run tries again.");
    }
}
