package gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * The file of checkpoints beside the log, and when the next one is due. The first line after a quiet minute gets its
 * checkpoint at once, more lines get one a minute or a thousand lines later, and no line gets none. So whoever cuts
 * the log can hide at most the last minute from the copies elsewhere. Used by the one thread that writes the chain.
 */
final class CheckpointFile {
    private static final Duration MAX_TIME = Duration.ofSeconds(60);
    private static final long MAX_LINES = 1_000;

    private final Path file;
    private final PrivateKey signing;
    private final Clock clock;
    private final Consumer<String> journal;
    private long lines;
    private Instant last;

    /** @param journal gets each checkpoint, to leave the machine */
    CheckpointFile(Path file, PrivateKey signing, Clock clock, Consumer<String> journal) {
        this.file = file;
        this.signing = signing;
        this.clock = clock;
        this.journal = journal;
        this.last = clock.instant().minus(MAX_TIME);
    }

    /** Counts lines that no checkpoint covers yet. */
    void appended(int more) {
        lines += more;
    }

    boolean isBehind() {
        return lines > 0;
    }

    boolean isDue() {
        return lines >= MAX_LINES || (isBehind() && !clock.instant().isBefore(last.plus(MAX_TIME)));
    }

    /**
     * Takes the time of a checkpoint. From it on the next one is due in a minute, even when this one cannot be written.
     */
    void begin() {
        last = clock.instant();
    }

    /**
     * Signs the chain's state with the time of {@link #begin}, and appends that; the state itself is on disk already.
     */
    void write(String kind, ChainState state) throws IOException {
        String line = Checkpoint.of(kind, state, last, signing).toString();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                file,
                line + "\n",
                StandardCharsets.US_ASCII,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC,
                LinkOption.NOFOLLOW_LINKS);
        journal.accept(line);
        lines = 0;
    }
}
