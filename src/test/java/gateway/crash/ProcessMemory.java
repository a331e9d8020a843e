package gateway.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process holds, looked at again and again: resident memory, threads, open files. */
final class ProcessMemory {
    /**
     * One look.
     *
     * @param minutes since the first look
     */
    record Look(double minutes, long kilobytes, long threads, long files) {}

    private final Path proc;
    private final long began = System.nanoTime();
    final List<Look> looks = new ArrayList<>();

    ProcessMemory(long pid) {
        this.proc = Path.of("/proc", "" + pid);
    }

    Look look() throws IOException {
        try (var open = Files.list(proc.resolve("fd"))) {
            var look = new Look((System.nanoTime() - began) / 60e9, figure("VmRSS:"), figure("Threads:"), open.count());
            looks.add(look);
            return look;
        }
    }

    private long figure(String name) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** By how many kilobytes a minute the memory grew in the later half: the slope of the line nearest to the looks. */
    double slope() {
        var later = looks.subList(looks.size() / 2, looks.size());
        double time = later.stream().mapToDouble(Look::minutes).average().orElse(0);
        double size = later.stream().mapToDouble(Look::kilobytes).average().orElse(0);
        double both = 0;
        double spread = 0;
        for (var look : later) {
            both += (look.minutes() - time) * (look.kilobytes() - size);
            spread += (look.minutes() - time) * (look.minutes() - time);
        }
        return spread == 0 ? 0 : both / spread;
    }
}
