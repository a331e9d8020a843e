package gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * The program's classes as the JVM loads them fastest: in a jar file, with an archive of the classes that a start loads
 * (JEP 514). It halves the processor time of a start. It is made once for a state of {@code target/classes}, by the
 * first test that starts the program, and lies in {@code target/program}.
 */
final class ProgramArchive {
    /** Options of every start. They are those of the start that made the archive, or the JVM would not use it. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED");

    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    private static final Path PLACE = Path.of("target", "program").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;
    private static final List<String> COMMAND = command();

    private ProgramArchive() {}

    /** The JVM's executable, its options and the class path: all that comes before the name of the class to start. */
    static List<String> java() {
        return COMMAND;
    }

    private static List<String> command() {
        var classPath = System.getProperty("java.class.path");
        try {
            Files.createDirectories(PLACE);
            var state = state(classPath);
            var jar = PLACE.resolve(state + ".jar");
            var archive = PLACE.resolve(state + ".aot");
            // The JVM archives no class of a directory, and takes what stands behind the archived jar files as it is.
            var parts = Arrays.stream(classPath.split(":"))
                    .collect(Collectors.partitioningBy(
                            part -> Files.isDirectory(Path.of(part)), Collectors.joining(":")));
            var archived = jar + ":" + parts.get(false);
            // The JVMs that run tests side by side wait for the one that makes it.
            try (var channel = FileChannel.open(
                            PLACE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                if (!Files.exists(archive)) {
                    make(jar, archive, archived);
                }
            }
            return java(List.of("-XX:AOTCache=" + archive, "-Xlog:aot*=error"), archived + ":" + parts.get(true));
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("The program starts without an archive of its classes: " + e);
            return java(List.of(), classPath);
        }
    }

    private static List<String> java(List<String> options, String classPath) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        return List.copyOf(command);
    }

    /** The state of the classes, as a name: it is another one when a class or the class path is. */
    private static String state(String classPath) throws IOException {
        try (var files = Files.walk(CLASSES)) {
            var text = new StringBuilder(classPath);
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                text.append(file)
                        .append(Files.size(file))
                        .append(Files.getLastModifiedTime(file).toMillis());
            }
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void make(Path jar, Path archive, String classPath) throws IOException, InterruptedException {
        try (var old = Files.list(PLACE)) {
            for (var file : old.filter(file -> !file.endsWith("lock")).toList()) {
                Files.delete(file);
            }
        }
        var tool = ToolProvider.findFirst("jar").orElseThrow();
        if (tool.run(System.out, System.err, "--create", "--file", jar.toString(), "-C", CLASSES.toString(), ".")
                != 0) {
            throw new IOException("the jar file could not be made");
        }
        var folder = Files.createTempDirectory("program");
        var part = archive.resolveSibling("part");
        var command = new ArrayList<>(java(List.of("-XX:AOTCacheOutput=" + part), classPath));
        command.addAll(List.of("gateway.Gateway", "rest"));
        var log = folder.resolve("log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        "/usr/bin:/bin",
                        "APP_BASIC_AUTH",
                        "admin:" + Program.PASSWORD,
                        "APP_PORT",
                        "0",
                        "APP_METRICS_PORT",
                        "0"));
        var process = builder.start();
        try {
            exercise(log, process);
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(part)) {
                throw new IOException("the JVM made no archive: " + Files.readString(log));
            }
            Files.move(part, archive);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Waits until the program is ready, and asks it once, so that the classes of a request are loaded, too. */
    private static void exercise(Path log, Process process) throws IOException, InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS * 20 && process.isAlive(); i++) {
            var ready = Program.READY.matcher(Files.readString(log));
            if (ready.find()) {
                try (var client = HttpClient.newHttpClient()) {
                    client.send(
                            HttpRequest.newBuilder(URI.create(ready.group(1) + "/app/status"))
                                    .header("Authorization", Program.AUTHORIZATION)
                                    .build(),
                            BodyHandlers.discarding());
                }
                return;
            }
            Thread.sleep(50);
        }
        throw new IOException("the program did not start: " + Files.readString(log));
    }
}
