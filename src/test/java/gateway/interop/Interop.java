package gateway.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.figures.FiguresFile;

/**
 * {@code make interop}: runs every scenario, each in front of a twin of its own, and says how each went in one line. The
 * two clients' scenarios run side by side.
 * The outcome stands in {@code target/interop.json}: {@code scenarios} and {@code failed}, of them {@code with_engine}
 * and {@code with_engine_failed} in which the client meets our own engine, {@code commit} and {@code seconds}.
 */
public final class Interop {
    /** What a scenario does; it ends normally when all went well. */
    interface Course {
        void run(Room room) throws Exception;
    }

    /** A course of events that any client may go through. */
    record Named(String name, Course course) {
        Scenario by(InteropDriver driver) {
            return new Scenario(driver.name() + " " + name, driver, course);
        }
    }

    /** A course of events that one client goes through. */
    record Scenario(String name, InteropDriver driver, Course course) {}

    private Interop() {}

    /**
     * @param args whatsmeow's driver, Baileys' driver, the folder for databases and logs, a part of the names of what
     *             is to run
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        var whatsmeow = new InteropDriver(
                "whatsmeow", List.of(Path.of(args[0]).toAbsolutePath().toString()));
        var baileys = new InteropDriver(
                "Baileys", List.of("node", Path.of(args[1]).toAbsolutePath().toString()));
        var folder = Files.createDirectories(Path.of(args[2]).toAbsolutePath());
        String part = args[3];
        List<Scenario> scenarios = new ArrayList<>();
        for (var driver : List.of(whatsmeow, baileys)) {
            Talks.all().forEach(course -> scenarios.add(course.by(driver)));
            Media.all().forEach(course -> scenarios.add(course.by(driver)));
            scenarios.add(new Named("decodes the kept frames as we do", Decoders::compared).by(driver));
        }
        scenarios.add(new Named("shows twenty messages in their order", Talks::order).by(whatsmeow));
        scenarios.add(new Named("refuses a picture that was altered on the server", Media::altered).by(whatsmeow));
        Passkeys.whatsmeow().forEach(course -> scenarios.add(course.by(whatsmeow)));
        Forgeries.whatsmeow().forEach(course -> scenarios.add(course.by(whatsmeow)));
        Forgeries.baileys().forEach(course -> scenarios.add(course.by(baileys)));
        List<Scenario> withEngine = new ArrayList<>();
        for (var driver : List.of(whatsmeow, baileys)) {
            Meetings.all().forEach(course -> withEngine.add(course.by(driver)));
        }
        scenarios.addAll(withEngine);
        scenarios.removeIf(scenario -> !scenario.name().contains(part));
        if (scenarios.isEmpty()) {
            System.err.println("interop: no scenario's name has '" + part + "' in it.");
            System.exit(2);
        }
        List<Scenario> failed = Collections.synchronizedList(new ArrayList<>());
        List<Thread> lanes = new ArrayList<>();
        for (var driver : List.of(whatsmeow, baileys)) {
            lanes.add(Thread.ofVirtual().start(() -> run(driver, scenarios, folder, failed)));
        }
        for (var lane : lanes) {
            lane.join();
        }
        if (part.isEmpty()) {
            FiguresFile.add(
                    folder.resolveSibling("interop.json"),
                    new ObjectMapper()
                            .createObjectNode()
                            .put("scenarios", scenarios.size())
                            .put("failed", failed.size())
                            .put("with_engine", withEngine.size())
                            .put(
                                    "with_engine_failed",
                                    failed.stream().filter(withEngine::contains).count()));
        }
        System.out.printf(
                "%d scenarios, %d failed; databases and logs are in %s%n", scenarios.size(), failed.size(), folder);
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    /** Runs one client's scenarios, one after the other. */
    private static void run(InteropDriver driver, List<Scenario> scenarios, Path folder, List<Scenario> failed) {
        for (int i = 0; i < scenarios.size(); i++) {
            var scenario = scenarios.get(i);
            if (scenario.driver().equals(driver) && !went(scenario, folder.resolve("scenario-" + (i + 1)))) {
                failed.add(scenario);
            }
        }
    }

    private static boolean went(Scenario scenario, Path folder) {
        long start = System.nanoTime();
        String fault = "";
        try (var room = new Room(scenario.driver(), Files.createDirectories(folder))) {
            scenario.course().run(room);
        } catch (Exception e) {
            fault = e instanceof Failure ? e.getMessage() : e.toString();
        }
        System.out.printf(
                "%-4s %s (%.1f s)%s%n",
                fault.isEmpty() ? "ok" : "FAIL",
                scenario.name(),
                (System.nanoTime() - start) / 1e9,
                fault.isEmpty() ? "" : ": " + fault);
        return fault.isEmpty();
    }
}
