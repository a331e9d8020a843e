package gateway.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed for real. */
class ChildSupervisorTest {
    /** The usual shape with a test's patience. */
    private static final Pace QUICK =
            new Pace(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMillis(20), 3, Duration.ofSeconds(5));

    private static final Path JAVA = Path.of("/proc/self/exe");

    @TempDir
    Path folder;

    private final AtomicInteger restarts = new AtomicInteger();
    private InstanceFiles files;
    private InstanceSecrets handOver;
    private ChildSupervisor supervisor;
    private int port;

    @BeforeEach
    void start() throws Exception {
        files = new InstanceFiles(folder.toRealPath(), AdminRig.sealing(folder.toRealPath()), InstantSource.system());
        port = FreePort.find();
        files.create(port, Map.of("APP_PORT", Integer.toString(port)), Optional.empty());
        handOver = InstanceSecrets.of(Map.of(), folder);
        supervisor = open();
    }

    private ChildSupervisor open() throws IOException {
        var launch = new Launch(
                JAVA.toRealPath(),
                List.of(
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TinyInstance.class.getName()));
        return new ChildSupervisor(files, handOver, launch, QUICK, new AdminMetrics() {
            @Override
            public void restarted() {
                restarts.incrementAndGet();
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        supervisor.stop(port);
        supervisor.close();
        InstanceFiles.delete(handOver.of(0).getParent());
    }

    private Status status() {
        return supervisor.status(List.of(port)).get(port);
    }

    private ProcessHandle process() {
        return ProcessHandle.of(status().pid().orElseThrow()).orElseThrow();
    }

    @Test
    void aStartReturnsWhenItAnswersAndAStopWhenItHasEnded() throws Exception {
        supervisor.start(port);
        assertEquals(Status.State.RUNNING, status().state());
        assertTrue(ReadyProbe.answers(port));
        var process = process();
        supervisor.stop(port);
        assertFalse(process.isAlive());
        assertEquals(Status.STOPPED, status());
        supervisor.stop(port);
    }

    @Test
    void nothingSecretIsInItsArgumentsOrItsEnvironment() throws Exception {
        supervisor.start(port);
        var said = Files.readAllLines(Path.of(supervisor.logs(port).stderr()));
        assertEquals("rest", said.getFirst());
        assertTrue(
                said.stream().skip(1).allMatch(line -> line.matches("(PATH|LANG|TZ|CREDENTIALS_DIRECTORY)=.*")),
                said::toString);
        assertTrue(said.contains("CREDENTIALS_DIRECTORY=" + handOver.of(port)), said::toString);
        assertEquals(
                files.home(port),
                Path.of("/proc/" + process().pid() + "/cwd").toRealPath(),
                "its .env is what it reads");
    }

    @Test
    void aCrashedOneIsStartedAgain() throws Exception {
        supervisor.start(port);
        var first = process();
        first.destroyForcibly();
        await().until(() -> status().state() == Status.State.RUNNING
                && status().pid().orElse(0) != first.pid()
                && status().pid().isPresent());
        assertEquals(1, restarts.get());
    }

    @Test
    void afterThreeTriesItIsLeftAlone() throws Exception {
        supervisor.start(port);
        Files.writeString(files.home(port).resolve("end"), "1");
        process().destroyForcibly();
        await().until(() -> status().state() == Status.State.FATAL);
        assertEquals(3, restarts.get());
        assertTrue(status().pid().isEmpty());
        Files.delete(files.home(port).resolve("end"));
        supervisor.start(port);
        assertEquals(Status.State.RUNNING, status().state());
    }

    @Test
    void aConfigurationItRefusesIsNotTriedAgain() throws Exception {
        supervisor.start(port);
        Files.writeString(files.home(port).resolve("end"), "2");
        process().destroyForcibly();
        await().until(() -> status().state() == Status.State.FATAL);
        assertEquals(1, restarts.get());
    }

    @Test
    void oneThatMissesSomethingForNowIsTriedUntilItIsThere() throws Exception {
        supervisor.start(port);
        Files.writeString(files.home(port).resolve("end"), "75");
        process().destroyForcibly();
        await().until(() -> restarts.get() > 5);
        assertNotEquals(Status.State.FATAL, status().state());
        Files.delete(files.home(port).resolve("end"));
        await().until(() ->
                status().state() == Status.State.RUNNING && status().pid().isPresent());
    }

    @Test
    void oneThatNeverAnswersIsAFailedStart() throws Exception {
        Files.writeString(files.home(port).resolve("end"), "1");
        var failed = assertThrows(Supervisor.StartFailed.class, () -> supervisor.start(port));
        assertTrue(failed.getMessage().contains("stderr.log"), failed.getMessage());
        assertEquals(Status.STOPPED, status());
        assertFalse(ReadyProbe.answers(port));
    }

    @Test
    void itOutlivesTheAdminApiAndIsTakenOver() throws Exception {
        supervisor.start(port);
        var process = process();
        supervisor.close();
        assertTrue(process.isAlive());
        supervisor = open();
        supervisor.resume(port);
        await().until(() -> status().state() == Status.State.RUNNING);
        assertEquals(process.pid(), status().pid().orElseThrow());
        process.destroyForcibly();
        await().until(() ->
                status().state() == Status.State.RUNNING && status().pid().isPresent());
        assertNotEquals(
                process.pid(), status().pid().orElseThrow(), "one that was taken over is looked after like any other");
    }

    @Test
    void oneThatDoesNotRunIsStartedByAResume() {
        supervisor.resume(port);
        await().until(() -> status().state() == Status.State.RUNNING);
    }

    @Test
    void withoutTheProgramNothingCanBeReached() {
        assertTrue(supervisor.reachable());
        assertFalse(new ChildSupervisor(
                        files, handOver, new Launch(folder.resolve("java"), List.of()), QUICK, AdminMetrics.NONE)
                .reachable());
    }
}
