package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import gateway.Program;
import gateway.WebPairing;
import gateway.figures.FiguresFile;
import gateway.http.Envelope;

/** The comparison of what the client was told, what the phones show, and what the receiver of the webhooks verified. */
record WebLedger(CrashDriver driver, WebPhones phones, Sink sink) {
    /** The settings of a program that is linked to the phones and posts to the sink. */
    Map<String, String> settings() {
        var settings = new HashMap<>(WebPairing.settings(phones.twin));
        settings.putAll(sink.settings());
        settings.put("WHATSAPP_WEBHOOK_DIALECT", "v8");
        settings.put("WHATSAPP_SEND_WAIT", "300ms");
        return settings;
    }

    /**
     * Waits until the client has an answer to every send, and then until everything is where it belongs. What takes
     * longer than the patience, each time, counts as lost.
     */
    void drain(Program program, Duration patience) throws InterruptedException {
        long asking = System.nanoTime();
        while (!driver.settled() && System.nanoTime() - asking < patience.toNanos()) {
            driver.settle(program);
        }
        long began = System.nanoTime();
        while (System.nanoTime() - began < patience.toNanos()
                && !(phones.quiet() && phones.untold(sink).isEmpty() && phones.allShown(driver))) {
            Thread.sleep(200);
        }
        System.out.println("crash test: drained after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
    }

    /**
     * Asserts that nothing is lost, shown twice or sealed by a used key, and writes the figures.
     *
     * @param file gets the figures
     * @param deed what was done to the programs, such as {@code kills}
     * @param deeds how often
     * @param told what else is told with the figures
     */
    void judge(Path file, String deed, int deeds, String told) throws Exception {
        var control = phones.control;
        var lost = phones.lost(driver);
        var untold = phones.untold(sink);
        var wrong = phones.wrong(driver);
        var figures = Envelope.JSON
                .createObjectNode()
                .put("engine", "web")
                .put(deed, deeds)
                .put("lost_sends", lost.size())
                .put("lost_events", untold.size())
                .put("shown_twice", control.count("shown_twice"))
                .put("reused_keys", control.count("reused_keys"))
                .put("waiting_peers", control.count("waiting_peers"));
        Files.deleteIfExists(file);
        FiguresFile.add(file, figures);
        System.out.println("crash test: " + figures + ", " + driver.accepted.size() + " sends, " + phones.written.size()
                + " events, "
                + sink.refused() + " webhooks refused, " + sink.duplicates() + " repeated, "
                + control.seen("duplicate", "")
                + " messages came twice, " + control.seen("not opened", "") + " were not opened, " + told);
        assertTrue(driver.accepted.size() > deeds && phones.written.size() > deeds, "there was a load");
        lost.stream()
                .limit(5)
                .forEach(text -> System.out.println(
                        "crash test: the twin saw of " + text + "\n" + phones.story(driver.accepted.get(text))));
        assertEquals(Set.of(), lost, "acknowledged sends lost");
        assertEquals(Set.of(), untold, "events lost");
        assertEquals(
                Map.of(),
                wrong,
                "shown once, under the id that the answer gave, at the recipient and at one's own phone");
        assertEquals(0, control.count("shown_twice"), () -> "shown twice");
        assertEquals(0, control.count("reused_keys"), () -> "keys used twice");
        assertEquals(0, control.count("waiting_peers"), () -> "peers wait for a message");
        assertEquals(Set.of(), driver.contradictions, "answers to the same key");
        assertEquals(Set.of(), sink.contradictions(), "an event is told once, and repeated as it was");
    }
}
