package gateway.backup.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import gateway.config.BackupAddress;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/**
 * A directory that OpenSSH's program sftp reaches with a key. A server that is not in the file of known hosts is not
 * spoken to. A file goes up under another name and gets its own at the end.
 */
final class SftpPlace implements RemotePlace {
    private static final Path PROGRAM = Path.of("/usr/bin/sftp");
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final int MAX_OUTPUT = 8 << 20;
    private static final int MAX_TOLD = 160;
    private static final String UNFINISHED = ".partial";

    private final BackupAddress.Sftp address;
    private final Path key;
    private final Path knownHosts;

    SftpPlace(BackupAddress.Sftp address, Path directory) {
        this.address = address;
        this.key = directory.resolve(address.key());
        this.knownHosts = directory.resolve(address.knownHosts());
    }

    @Override
    public String name() {
        return address.name();
    }

    @Override
    public SortedSet<String> files() {
        return names().stream().filter(name -> !name.startsWith(".")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The prompt that sftp repeats before each command is no name. */
    private List<String> names() {
        return run("read", "ls -1a " + remote(""))
                .lines()
                .filter(line -> !line.startsWith("sftp>"))
                .map(line -> line.strip().replaceFirst("^.*/", ""))
                .filter(NAME.asMatchPredicate())
                .toList();
    }

    @Override
    public void put(Path file, String name) {
        if (!Files.isReadable(file)) {
            throw new ExplainedFault("The backup " + file + " cannot be read.");
        }
        run(
                "take the file " + name,
                "put -f " + quoted(file.toString()) + " " + remote("." + name + UNFINISHED),
                "-rm " + remote(name),
                "rename " + remote("." + name + UNFINISHED) + " " + remote(name));
    }

    @Override
    public void get(String name, long most, OutputStream into) {
        Optional<Path> scratch = Optional.empty();
        try {
            scratch = Optional.of(Files.createTempFile("whatsapp-backup-", ".read"));
            run(
                    "give the file " + name,
                    "get " + remote(name) + " " + quoted(scratch.get().toString()));
            try (var in = Files.newInputStream(scratch.get())) {
                long left = most + 1;
                var piece = new byte[1 << 16];
                for (int read = in.read(piece); read > 0 && left > 0; read = in.read(piece)) {
                    into.write(piece, 0, (int) Math.min(read, left));
                    left -= read;
                }
            }
        } catch (IOException e) {
            var file = scratch.orElse(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
            throw DiskTrouble.fault("What comes from " + name() + " cannot be kept in " + file.getParent(), e, file);
        } finally {
            scratch.ifPresent(SftpPlace::forget);
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw DiskTrouble.fault("The file " + file + " cannot be removed", e, file);
        }
    }

    @Override
    public void delete(String name) {
        if (names().contains(name)) {
            run("remove the file " + name, "rm " + remote(name));
        }
    }

    @Override
    public void sweep(String beginning) {
        names().stream()
                .filter(name -> name.startsWith("." + beginning) && name.endsWith(UNFINISHED))
                .forEach(name -> run("remove the file " + name, "rm " + remote(name)));
    }

    private String remote(String name) {
        return quoted(address.directory() + "/" + name);
    }

    /** A word of sftp's own language; in quotation marks, no character of it is a pattern. */
    private static String quoted(String path) {
        return "\"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private List<String> command() {
        var command = new ArrayList<>(List.of(PROGRAM.toString(), "-F", "/dev/null", "-b", "-"));
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
        command.addAll(List.of(
                "-P",
                String.valueOf(address.port()),
                address.user() + "@" + (address.host().contains(":") ? "[" + address.host() + "]" : address.host())));
        return command;
    }

    private String run(String deed, String... lines) {
        for (var file : List.of(key, knownHosts)) {
            if (!Files.isReadable(file)) {
                throw new ExplainedFault("The place " + name() + " needs the file " + file + ", which cannot be read.");
            }
            if (file.toString().matches("(?s).*[\\s\"%].*")) {
                throw new ExplainedFault("The path " + file
                        + " has a space, quotation mark or percent sign, which sftp would not understand.");
            }
        }
        try {
            var builder = new ProcessBuilder(command());
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin");
            builder.environment().put("LC_ALL", "C.UTF-8");
            return answer(deed, builder.start(), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new ExplainedFault("The program " + PROGRAM + " cannot be run: install openssh-client.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The work on " + name() + " was interrupted.", e);
        }
    }

    private String answer(String deed, Process process, String batch) throws IOException, InterruptedException {
        var killer = Thread.ofVirtual().start(() -> limit(process));
        var errors = new StringBuilder();
        var reader = Thread.ofVirtual().start(() -> errors.append(text(process.getErrorStream())));
        try {
            try (var in = process.getOutputStream()) {
                in.write(batch.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // The program ended before it read every command; its exit code and its errors tell why.
            }
            var output = text(process.getInputStream());
            int exit = process.waitFor();
            reader.join();
            if (exit != 0) {
                throw fault(deed, exit, errors.toString());
            }
            return output;
        } finally {
            process.destroyForcibly();
            killer.interrupt();
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

    private static String text(java.io.InputStream stream) {
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
        var begin = "The place " + name() + " did not " + deed + ": "
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
        if (errors.contains("Permission denied")
                || errors.contains("No such file or directory")
                || errors.contains("not found")) {
            return new ExplainedFault(begin + "Make the directory there, and let " + address.user() + " write to it.");
        }
        return new PassingFault(begin + "Look at that server and its disk; the next run tries again.");
    }
}
