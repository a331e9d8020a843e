package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is asked of systemctl, and how its answers are read. The program that stands in for it writes down what it was
 * asked.
 */
class SystemdSupervisorTest {
    @TempDir
    Path folder;

    private Path systemctl;
    private SystemdSupervisor supervisor;

    @BeforeEach
    void start() throws Exception {
        systemctl = folder.resolve("systemctl");
        supervisor =
                new SystemdSupervisor(new Systemctl(systemctl), () -> Instant.ofEpochSecond(1_000_065), "production");
        answers("exit 0");
    }

    /** @param script after the words {@code --no-ask-password --no-pager} are shifted away */
    private void answers(String script) throws IOException {
        Files.writeString(systemctl, "#!/bin/sh\nshift 2\necho \"$*\" >> " + folder + "/asked\n" + script + "\n");
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwx------"));
        Files.deleteIfExists(folder.resolve("asked"));
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked"));
    }

    @Test
    void aStartForgivesEarlierFailuresAndWaits() throws Exception {
        supervisor.start(3001);
        assertEquals(List.of("reset-failed whatsapp@3001.service", "start whatsapp@3001.service"), asked());
        answers("exit 0");
        supervisor.resume(3001);
        assertEquals("--no-block start whatsapp@3001.service", asked().getLast());
        answers("exit 0");
        supervisor.stop(3001);
        assertEquals("stop whatsapp@3001.service", asked().getFirst());
    }

    @Test
    void aUnitThatFailsToStartIsStoppedAndSaysWhereToLook() throws Exception {
        answers("[ $1 != start ] || { echo 'Job for whatsapp@3001.service failed' >&2; exit 1; }");
        var failed = assertThrows(Supervisor.StartFailed.class, () -> supervisor.start(3001));
        assertEquals("The instance did not start; see journalctl -u whatsapp@3001.service.", failed.getMessage());
        assertTrue(asked().contains("stop whatsapp@3001.service"));
    }

    @Test
    void withoutABusOrPermissionItCannotBeReached() throws Exception {
        for (var word : List.of(
                "Failed to connect to bus: No such file or directory",
                "Failed to start whatsapp@3001.service: Access denied",
                "Failed to start whatsapp@3001.service: Interactive authentication required.")) {
            answers("echo '" + word + "' >&2; exit 1");
            assertThrows(Supervisor.Unreachable.class, () -> supervisor.start(3001), word);
            assertThrows(Supervisor.Unreachable.class, () -> supervisor.stop(3001), word);
            assertThrows(Supervisor.Unreachable.class, () -> supervisor.status(List.of(3001)), word);
            assertFalse(supervisor.reachable());
        }
        Files.delete(systemctl);
        assertFalse(supervisor.reachable());
    }

    @Test
    void oneQuestionTellsHowAllOfThemStand() throws Exception {
        answers("""
                printf 'MainPID=4711\\nExecMainStartTimestamp=@1000000\\nId=whatsapp@3001.service\\nActiveState=active\\n\\n'
                printf 'MainPID=0\\nExecMainStartTimestamp=\\nId=whatsapp@3002.service\\nActiveState=inactive\\n\\n'
                printf 'MainPID=0\\nExecMainStartTimestamp=@1000000\\nId=whatsapp@3003.service\\nActiveState=failed\\n\\n'
                printf 'MainPID=4713\\nExecMainStartTimestamp=@1000060\\nId=whatsapp@3004.service\\nActiveState=activating\\n'
                """);
        var all = supervisor.status(List.of(3001, 3002, 3003, 3004));
        assertEquals(new Status(Status.State.RUNNING, OptionalLong.of(4711), Duration.ofSeconds(65)), all.get(3001));
        assertEquals(Status.STOPPED, all.get(3002));
        assertEquals(Status.State.FATAL, all.get(3003).state());
        assertEquals(new Status(Status.State.STARTING, OptionalLong.of(4713), Duration.ofSeconds(5)), all.get(3004));
        assertEquals(1, asked().size());
    }

    @Test
    void onlyPortsThatTheUnitMayListenOnAreAllowed() {
        assertTrue(supervisor.allows(9_999));
        assertFalse(supervisor.allows(10_000));
    }
}
