package gateway.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A server under measurement: its own process, in a folder that outlives it, on a free port of 127.0.0.1. */
public final class Server implements AutoCloseable {
    public static final Path IMAGE = Path.of("target/image/opt/whatsapp").toAbsolutePath();

    private static final int READY_WITHIN_SECONDS = 60;
    /** The unit of CPU time in /proc: USER_HZ is 100 on every Linux architecture that Debian supports here. */
    private static final long MICROSECONDS_PER_TICK = 10_000;

    private final Process process;
    private final URI uri;
    private final double readyMillis;

    private Server(Process process, URI uri, double readyMillis) {
        this.process = process;
        this.uri = uri;
        this.readyMillis = readyMillis;
    }

    /** The gateway as installed, with the settings of {@code environment}; its database is in the folder. */
    public static Server gateway(Path folder, Map<String, String> environment) throws Exception {
        return gateway(IMAGE, folder, environment);
    }

    /** As {@link #gateway(Path, Map)}, from another tree for {@code /opt/whatsapp}. */
    static Server gateway(Path image, Path folder, Map<String, String> environment) throws Exception {
        int port = freePort();
        var all = new HashMap<>(environment);
        all.put("APP_HOST", "127.0.0.1");
        all.put("APP_PORT", "" + port);
        return start(folder, port, all, List.of(image + "/whatsapp", "rest"));
    }

    /** {@link BareServer} on the image's own runtime and JVM options. */
    static Server bare(Path folder) throws Exception {
        return beside(folder, BareServer.class);
    }

    /** {@link RawInsertServer}, as {@link #bare}, in a folder of its own. */
    static Server row(Path folder) throws Exception {
        return beside(Files.createDirectory(folder), RawInsertServer.class);
    }

    /** {@link RawMessageServer}, as {@link #bare}, in a folder of its own. */
    static Server raw(Path folder, String credential) throws Exception {
        return beside(Files.createDirectory(folder), RawMessageServer.class, credential);
    }

    /** {@link RawReadServer}, as {@link #bare}, in the folder that holds what it answers. */
    static Server replies(Path folder, String credential) throws Exception {
        return beside(folder, RawReadServer.class, credential);
    }

    private static Server beside(Path folder, Class<?> program, String... arguments) throws Exception {
        int port = freePort();
        var command = new ArrayList<>(List.of(
                IMAGE + "/runtime/bin/java",
                "@" + IMAGE + "/lib/java.options",
                "-cp",
                Path.of("target/bench").toAbsolutePath() + ":" + IMAGE + "/lib/whatsapp.jar",
                program.getName(),
                "" + port));
        command.addAll(List.of(arguments));
        return start(folder, port, Map.of(), command);
    }

    private static Server start(Path folder, int port, Map<String, String> environment, List<String> command)
            throws Exception {
        Path log = folder.resolve(Path.of(command.getFirst()).getFileName() + ".log");
        var uri = URI.create("http://127.0.0.1:" + port);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);

        long started = System.nanoTime();
        Process process = builder.start();
        while (!ready(uri.resolve("/readyz"))) {
            if (!process.isAlive() || System.nanoTime() - started > TimeUnit.SECONDS.toNanos(READY_WITHIN_SECONDS)) {
                process.destroy();
                throw new IllegalStateException("not ready: " + command + "\n" + Files.readString(log));
            }
            Thread.sleep(5);
        }
        return new Server(process, uri, (System.nanoTime() - started) / 1e6);
    }

    private static boolean ready(URI probe) {
        // A refused connection costs far less than a refused request, and the server shares the cores with this loop.
        try {
            new Socket(probe.getHost(), probe.getPort()).close();
            var request = (HttpURLConnection) probe.toURL().openConnection();
            // A connection left open would hold up the server's stop for its whole grace.
            request.setRequestProperty("Connection", "close");
            return request.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public URI uri() {
        return uri;
    }

    /** From the start of the process to the first 200 of {@code /readyz}. */
    double readyMillis() {
        return readyMillis;
    }

    /** Resident memory, in MB of 10⁶ bytes. */
    public double residentMegabytes() throws IOException {
        String line = Files.readAllLines(proc("status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
    }

    /** CPU time used so far by all threads, user and system. */
    long cpuMicros() throws IOException {
        return micros(proc("stat"));
    }

    /** As {@link #cpuMicros()}, of the threads whose name begins so. */
    long cpuMicros(String name) throws IOException {
        long sum = 0;
        try (var threads = Files.list(proc("task"))) {
            for (var thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith(name)) {
                    sum += micros(thread.resolve("stat"));
                }
            }
        }
        return sum;
    }

    /** CPU time of the processes that this one started and that have ended. */
    static long childrenMicros() throws IOException {
        return micros(Path.of("/proc/self/stat"), 13);
    }

    private static long micros(Path file) throws IOException {
        return micros(file, 11);
    }

    private static long micros(Path file, int field) throws IOException {
        String stat = Files.readString(file);
        // After the name, which stands in parentheses and may hold spaces: fields 3 and on, proc(5).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) * MICROSECONDS_PER_TICK;
    }

    private Path proc(String file) {
        return Path.of("/proc", "" + process.pid(), file);
    }

    /** The live heap in kB, after a collection. The server's JVM must take commands: {@code -XX:-DisableAttachMechanism}. */
    long liveHeapKilobytes() throws Exception {
        jcmd("GC.run");
        long used = 0;
        var generation = Pattern.compile("(?:new generation|Tenured|tenured generation) .*used (\\d+)K");
        var found = generation.matcher(jcmd("GC.heap_info"));
        while (found.find()) {
            used += Long.parseLong(found.group(1));
        }
        return used;
    }

    private String jcmd(String command) throws Exception {
        var asked = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), "" + process.pid(), command)
                .redirectErrorStream(true)
                .start();
        var answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.waitFor() != 0) {
            throw new IllegalStateException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    /** Whether the process that was started is the one that answers. */
    public boolean alive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
