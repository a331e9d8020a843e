package gateway.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process holds of its machine: threads, open files, resident kilobytes. */
record Footprint(int threads, int files, long kilobytes) {
    static Footprint of(long pid) {
        var process = Path.of("/proc", Long.toString(pid));
        try (var threads = Files.list(process.resolve("task"));
                var files = Files.list(process.resolve("fd"))) {
            var resident = Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return new Footprint(
                    (int) threads.count(), (int) files.count(), Long.parseLong(resident.replaceAll("[^0-9]", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Kilobytes a minute that the straight line through the points rises by (least squares).
     *
     * @param points seconds and kilobytes
     */
    static double slope(List<double[]> points) {
        double seconds =
                points.stream().mapToDouble(point -> point[0]).average().orElse(0);
        double kilobytes =
                points.stream().mapToDouble(point -> point[1]).average().orElse(0);
        double over = points.stream()
                .mapToDouble(point -> (point[0] - seconds) * (point[1] - kilobytes))
                .sum();
        double under = points.stream()
                .mapToDouble(point -> (point[0] - seconds) * (point[0] - seconds))
                .sum();
        return under == 0 ? 0 : 60 * over / under;
    }
}
