package gateway.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import gateway.figures.FiguresFile;

/**
 * {@code make interop}: runs every scenario, each in front of a twin of its own, and says how each went in one line.
 * The outcome stands in {@code target/interop.json}: {@code scenarios}, {@code failed}, {@code commit} and
 * {@code seconds}.
 */
public final class Interop {
    /** What a scenario does; it ends normally when all went well. */
    interface Course {
        void run(Room room) throws Exception;
    }

    /** A named course of events. */
    record Scenario(String name, Course course) {
    }

    private Interop() {
    }

    /** @param args the driver's program, the folder for databases and logs, a part of the names of what is to run */
    public static void main(String[] args) throws IOException {
        var program = Path.of(args[0]);
        var folder = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
        List<Scenario> scenarios = new ArrayList<>(Talks.all());
        scenarios.addAll(Forgeries.all());
        scenarios.removeIf(scenario -> !scenario.name().contains(args[2]));
        if (scenarios.isEmpty()) {
            System.err.println("interop: no scenario's name has '" + args[2] + "' in it.");
            System.exit(2);
        }
        int failed = 0;
        for (int i = 0; i < scenarios.size(); i++) {
            failed += went(scenarios.get(i), program, folder.resolve("scenario-" + (i + 1))) ? 0 : 1;
        }
        if (args[2].isEmpty()) {
            FiguresFile.add(folder.resolveSibling("interop.json"),
                    new ObjectMapper().createObjectNode().put("scenarios", scenarios.size()).put("failed", failed));
        }
        System.out.printf("%d scenarios, %d failed; databases and logs are in %s%n", scenarios.size(), failed, folder);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static boolean went(Scenario scenario, Path program, Path folder) {
        long start = System.nanoTime();
        String fault = "";
        try (var room = new Room(program, Files.createDirectories(folder))) {
            scenario.course().run(room);
        } catch (Exception e) {
            fault = e instanceof Failure ? e.getMessage() : e.toString();
        }
        System.out.printf("%-4s %s (%.1f s)%s%n", fault.isEmpty() ? "ok" : "FAIL", scenario.name(),
                (System.nanoTime() - start) / 1e9, fault.isEmpty() ? "" : ": " + fault);
        return fault.isEmpty();
    }
}
