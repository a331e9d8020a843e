package gateway.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The figures of a process that every client library of Prometheus gives, by their usual names. Read from
 * {@code /proc} with each scrape; a figure that cannot be read is left out.
 */
final class ProcessFigures {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessFigures() {}

    static void append(StringBuilder text) {
        var info = ProcessHandle.current().info();
        info.totalCpuDuration()
                .ifPresent(time -> family(
                        text,
                        "process_cpu_seconds_total",
                        "counter",
                        "Processor time of user and system.",
                        Double.toString(time.toMillis() / 1000.0)));
        info.startInstant()
                .ifPresent(time -> family(
                        text,
                        "process_start_time_seconds",
                        "gauge",
                        "When the process began, in seconds since 1970.",
                        Double.toString(
                                Duration.between(java.time.Instant.EPOCH, time).toMillis() / 1000.0)));
        figure(Path.of("status"), "VmRSS:")
                .ifPresent(kilobytes -> family(
                        text,
                        "process_resident_memory_bytes",
                        "gauge",
                        "Memory that the process holds.",
                        Long.toString(kilobytes * 1024)));
        open().ifPresent(count ->
                family(text, "process_open_fds", "gauge", "File descriptors that are open.", Long.toString(count)));
        figure(Path.of("limits"), "Max open files")
                .ifPresent(most -> family(
                        text, "process_max_fds", "gauge", "File descriptors that may be open.", Long.toString(most)));
    }

    private static void family(StringBuilder text, String name, String type, String help, String value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }

    private static OptionalLong open() {
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            return OptionalLong.of(open.count());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The first number behind these words. */
    private static OptionalLong figure(Path file, String words) {
        try {
            for (String line : Files.readAllLines(SELF.resolve(file), StandardCharsets.US_ASCII)) {
                if (line.startsWith(words)) {
                    var digits = line.substring(words.length()).strip().split("[^0-9]", 2)[0];
                    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
