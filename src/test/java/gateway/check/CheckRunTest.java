package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** What becomes of checks that do not end, cannot look or are wrong themselves. */
class CheckRunTest {
    @TempDir
    Path directory;

    private static Check check(String name, Check.Probe probe) {
        return new Check(name, Area.SYSTEM, Severity.HIGH, List.of("A-SYS-1"), "something", "whatsapp check", probe);
    }

    private List<CheckRun.Result> run(Duration limit, Check... checks) {
        return new CheckRun(new PaperMachine(directory), limit).of(List.of(checks), done -> {});
    }

    @Test
    void aCheckThatDoesNotEndIsUnknownAndHoldsNobodyUp() {
        long begin = System.nanoTime();
        var results = run(
                Duration.ofMillis(200),
                check("hangs", evidence -> {
                    while (true) {
                        Thread.onSpinWait();
                        try {
                            Thread.sleep(10_000);
                        } catch (InterruptedException e) {
                            // a check that will not hear
                        }
                    }
                }),
                check("sound", evidence -> new Verdict.Pass("seen")));
        assertEquals("unknown", results.getFirst().verdict().word());
        assertTrue(results.getFirst().verdict().evidence().contains("did not end within 200 ms"));
        assertEquals("whatsapp check", results.getFirst().verdict().remedy());
        assertEquals("pass", results.getLast().verdict().word());
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(5).toNanos());
    }

    @Test
    void aFaultOfTheCheckItselfIsUnknownWithoutItsMessage() {
        var verdict = run(Duration.ofSeconds(20), check("broken", evidence -> {
                    throw new IllegalStateException("kV8-wq2Lx7");
                }))
                .getFirst()
                .verdict();
        assertEquals("the check itself failed: IllegalStateException", verdict.evidence());
        assertEquals("unknown", verdict.word());
    }

    @Test
    void checksRunSideBySide() {
        var both = new CountDownLatch(2);
        Check.Probe meets = evidence -> {
            both.countDown();
            try {
                return both.await(10, java.util.concurrent.TimeUnit.SECONDS)
                        ? new Verdict.Pass("met")
                        : new Verdict.Fail("alone", "true");
            } catch (InterruptedException e) {
                throw new Unseen("interrupted");
            }
        };
        run(Duration.ofSeconds(20), check("one", meets), check("other", meets))
                .forEach(result -> assertEquals("pass", result.verdict().word()));
    }

    @Test
    void progressIsToldOnce() {
        var told = new ArrayList<Integer>();
        new CheckRun(new PaperMachine(directory), Duration.ofSeconds(20))
                .of(
                        List.of(
                                check("one", evidence -> new Verdict.Pass("seen")),
                                check("other", evidence -> new Verdict.Pass("seen"))),
                        told::add);
        assertEquals(List.of(1, 2), told);
    }

    @Test
    void aCheckWithoutANameOrWithAnUnknownItemIsNone() {
        assertThrows(IllegalArgumentException.class, () -> check("Not Kebab", evidence -> new Verdict.Pass("")));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Check("x", Area.API, Severity.LOW, List.of("A-NO-1"), "e", "r", e -> new Verdict.Pass("")));
    }
}
