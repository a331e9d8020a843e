package gateway.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipException;
import javax.crypto.Mac;

/**
 * Checks a log without the gateway running: every line's seal, the order of lines and epochs, the links between rotated
 * files, and that the lines are those the checkpoints were signed over. A log that was cut short or put back as a
 * whole, together with its checkpoints and state, is only seen with a checkpoint that was kept elsewhere.
 */
public final class AuditVerifier {
    /**
     * What was found.
     *
     * @param lines   that are sound, from the start
     * @param problem where and what, of the first thing wrong; empty when all is well
     */
    public record Report(long lines, Optional<String> problem) {}

    private final byte[] seed;
    private final PublicKey key;

    /**
     * @param seed      file {@code audit.seed}
     * @param publicKey file {@code audit.pub}
     */
    public AuditVerifier(Path seed, Path publicKey) throws IOException {
        this.seed = AuditKeys.hex(seed);
        this.key = AuditKeys.publicKey(publicKey);
    }

    /**
     * @param logs        the rotated files, oldest first, and {@code security.log} last
     * @param checkpoints {@code audit.checkpoints}, and copies from elsewhere
     * @param anchors     checkpoints that the database kept, one a line
     * @param state       {@code audit.state}; empty when it is not at hand
     */
    public Report verify(List<Path> logs, List<Path> checkpoints, List<String> anchors, Optional<Path> state)
            throws IOException {
        var signed = new TreeMap<Long, Checkpoint>();
        Optional<String> problem = collect("database", anchors, signed);
        for (Path file : checkpoints) {
            problem = problem.isPresent()
                    ? problem
                    : collect(
                            file.toString(),
                            List.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n")),
                            signed);
        }
        if (problem.isPresent()) {
            return new Report(0, problem);
        }
        var walk = new Walk(signed);
        for (Path log : logs) {
            problem = walk.through(log);
            if (problem.isPresent()) {
                return new Report(walk.lines, problem);
            }
        }
        return new Report(
                walk.lines,
                walk.missing(state.isPresent() ? Optional.of(ChainState.load(state.get())) : Optional.empty()));
    }

    private Optional<String> collect(String place, List<String> lines, TreeMap<Long, Checkpoint> signed) {
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            var checkpoint = Checkpoint.parse(line);
            if (checkpoint.isEmpty() || !checkpoint.get().signedBy(key)) {
                return Optional.of(place + ":" + number + ": the checkpoint is not signed by this log's key");
            }
            Checkpoint other = signed.putIfAbsent(checkpoint.get().seq(), checkpoint.get());
            if (checkpoint.get().kind().equals(Checkpoint.ROTATION)) {
                signed.put(checkpoint.get().seq(), checkpoint.get());
            }
            if (other != null && !other.h().equals(checkpoint.get().h())) {
                return Optional.of(
                        place + ":" + number + ": two checkpoints contradict each other about line " + other.seq());
            }
        }
        return Optional.empty();
    }

    private final class Walk {
        private final TreeMap<Long, Checkpoint> signed;
        private long lines;
        private long seq = -1;
        private long epoch;
        private byte[] epochKey = seed;
        private Mac mac = ChainState.mac(seed);
        private String last = ChainState.NOTHING;

        Walk(TreeMap<Long, Checkpoint> signed) {
            this.signed = signed;
        }

        Optional<String> through(Path log) throws IOException {
            try (var text = new LogLines(log)) {
                for (int number = 1; ; number++) {
                    boolean whole = text.next();
                    if (!whole && !text.torn()) {
                        return Optional.empty();
                    }
                    var problem = !whole
                            ? Optional.of("the line has no end")
                            : text.line().map(this::step).orElse(Optional.of("it is not a line of this log"));
                    if (problem.isPresent()) {
                        return Optional.of(log + ":" + number + ": " + problem.get());
                    }
                }
            } catch (ZipException | EOFException e) {
                return Optional.of(log + ": it cannot be unpacked: it was changed or cut");
            }
        }

        private Optional<String> step(AuditLine line) {
            if (seq < 0) {
                Optional<String> problem = begin(line);
                if (problem.isPresent()) {
                    return problem;
                }
            }
            if (line.seq() != seq + 1) {
                return Optional.of("line " + (seq + 1) + " is missing, here is line " + line.seq());
            }
            if (!line.prev().equals(last)) {
                return Optional.of("it does not follow the line before it");
            }
            if (line.epoch() < epoch || line.epoch() > line.seq() + epoch + 1_000_000) {
                return Optional.of("its epoch " + line.epoch() + " cannot follow epoch " + epoch);
            }
            evolve(line.epoch());
            if (!AuditLine.h(mac, line.sealed()).equals(line.h())) {
                return Optional.of("its seal does not match: it was changed");
            }
            Checkpoint checkpoint = signed.get(line.seq());
            if (checkpoint != null && (!checkpoint.h().equals(line.h()) || checkpoint.epoch() < line.epoch())) {
                return Optional.of(
                        "it is not the line that the checkpoint of " + checkpoint.time() + " was signed over");
            }
            seq = line.seq();
            last = line.h();
            lines++;
            return Optional.empty();
        }

        /**
         * Older files may have been deleted in their time; then the checkpoint of the rotation tells what came before.
         */
        private Optional<String> begin(AuditLine line) {
            if (line.seq() == 1) {
                seq = 0;
                return Optional.empty();
            }
            Checkpoint before = signed.get(line.seq() - 1);
            if (before == null || !before.kind().equals(Checkpoint.ROTATION)) {
                return Optional.of("the lines before line " + line.seq() + " are missing, and no rotation ended there");
            }
            seq = before.seq();
            last = before.h();
            return Optional.empty();
        }

        private void evolve(long target) {
            if (epoch == target) {
                return;
            }
            while (epoch < target) {
                epochKey = ChainState.next(epochKey);
                epoch++;
            }
            mac = ChainState.mac(epochKey);
        }

        private Optional<String> missing(Optional<ChainState> state) {
            long end = Math.max(0, seq);
            if (!signed.isEmpty() && signed.lastKey() > end) {
                return Optional.of("the log ends with line " + end + ", but line " + signed.lastKey() + " was there on "
                        + signed.lastEntry().getValue().time());
            }
            return state.filter(known -> known.seq() > end)
                    .map(known -> "the log ends with line " + end + ", but line " + known.seq() + " had been written");
        }
    }

    /**
     * The rotated files beside a log, oldest first, then the log itself: {@code security.log.3.gz}, {@code .2},
     * {@code .1}, {@code security.log}.
     */
    public static List<Path> rotated(Path log) throws IOException {
        var files = new ArrayList<Path>();
        String name = log.getFileName().toString();
        Path directory = log.toAbsolutePath().getParent();
        try (var entries = Files.newDirectoryStream(directory, name + "[.-]*")) {
            entries.forEach(files::add);
        }
        var firsts = new HashMap<Path, Long>();
        for (Path file : files) {
            firsts.put(file, firstSeq(file));
        }
        files.sort(Comparator.comparing(firsts::get));
        files.add(log);
        return files;
    }

    /** Of a damaged first line 0: such a file comes first, so that it is looked at and found. */
    private static long firstSeq(Path file) throws IOException {
        try (var text = new LogLines(file)) {
            return text.next() ? text.line().map(AuditLine::seq).orElse(0L) : 0;
        } catch (ZipException | EOFException e) {
            return 0;
        }
    }
}
