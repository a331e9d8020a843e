package gateway.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gateway.process.ExplainedFault;

/**
 * How this very program is started once more, as {@code rest} and in another directory. Neither the arguments nor the
 * environment hold a secret: those are in the directory of credentials that it is told of.
 */
public final class Launch {
    /**
     * In a session of its own, so that what ends the Admin API (a closed terminal, Ctrl-C) does not end its instances.
     */
    private static final String DETACHED = "/usr/bin/setsid";
    /** What an instance inherits of the environment: nothing of the Admin API's own settings, among them its token. */
    private static final List<String> INHERITED = List.of("PATH", "LANG", "TZ");
    /**
     * For one of many: only the quick compiler. It costs an instance a part of what it could do at the utmost, and
     * saves some 4 MB, and the compiling that follows each start. {@code whatsapp@.service} says the same.
     */
    private static final String SMALL = "-XX:TieredStopAtLevel=1";

    private static final String MAIN = "gateway.Gateway";
    private static final long MAX_LOG = 10_000_000;

    private final Path java;
    private final List<String> arguments;

    Launch(Path java, List<String> arguments) {
        this.java = java;
        this.arguments = List.copyOf(arguments);
    }

    /**
     * As this process was started, the runtime's options and its class archive included.
     *
     * @throws ExplainedFault when that cannot be found out
     */
    public static Launch again() {
        try {
            var words = Arrays.asList(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                    .split("\0"));
            int end = words.indexOf("-jar") >= 0 ? words.indexOf("-jar") + 2 : words.indexOf(MAIN) + 1;
            if (end < 2) {
                throw new ExplainedFault("It cannot be told how this program was started; start it as: whatsapp admin");
            }
            return new Launch(Path.of("/proc/self/exe").toRealPath(), words.subList(1, end));
        } catch (IOException e) {
            throw new ExplainedFault("It cannot be told how this program was started: " + e.getMessage(), e);
        }
    }

    boolean possible() {
        return Files.isExecutable(java) && Files.isExecutable(Path.of(DETACHED));
    }

    /** Starts an instance in its directory, its output in two files there, its secrets in another one. */
    Process start(Path home, Path credentials) throws IOException {
        var command = new ArrayList<>(List.of(DETACHED, java.toString(), SMALL));
        command.addAll(arguments);
        // Without flags it starts sooner; its port is in .env, too.
        command.add("rest");
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(log(home, "stdout.log").toFile()))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(log(home, "stderr.log").toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().put("CREDENTIALS_DIRECTORY", credentials.toString());
        return builder.start();
    }

    private static Path log(Path home, String name) throws IOException {
        var file = home.resolve(name);
        if (Files.exists(file) && Files.size(file) > MAX_LOG) {
            Files.move(file, home.resolve(name + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }

    /** The processes that were started like this, by the directory they work in: the kernel's word, not a file's. */
    Map<Path, ProcessHandle> running() {
        return ProcessHandle.allProcesses()
                .flatMap(this::mine)
                .collect(Collectors.toMap(Found::directory, Found::process, (one, other) -> one));
    }

    private record Found(Path directory, ProcessHandle process) {}

    private Stream<Found> mine(ProcessHandle process) {
        var entry = Path.of("/proc", Long.toString(process.pid()));
        // A link that cannot be read belongs to another user's process, or to one that has just ended.
        return link(entry.resolve("exe")).filter(this::isOurs).isPresent()
                ? link(entry.resolve("cwd")).map(directory -> new Found(directory, process)).stream()
                : Stream.empty();
    }

    /** Also after an upgrade has put another file in its place, which the kernel notes behind the name. */
    private boolean isOurs(Path executable) {
        return executable.equals(java) || executable.toString().equals(java + " (deleted)");
    }

    private static Optional<Path> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
