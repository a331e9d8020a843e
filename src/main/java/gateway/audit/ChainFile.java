package gateway.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;

import gateway.process.DirectoryLock;

/**
 * The file, and the chain through it. Used by one thread of each process; between processes (the server, and a command
 * that adds a user) a lock passes the chain on.
 */
final class ChainFile implements AutoCloseable {
    private static final Duration EPOCH_TIME = Duration.ofMinutes(15);
    private static final long EPOCH_LINES = 10_000;

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** More than the largest group of lines. */
    private static final int TAIL_BYTES = 2 << 20;

    private final Path file;
    private final AuditKeys keys;
    private final Clock clock;
    private final CheckpointFile checkpoints;
    private final String boot =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final DirectoryLock lock;
    private final Runnable losses;

    @SuppressWarnings("NullAway.Init") // set by enter(), which the constructor calls
    private FileChannel channel;

    @SuppressWarnings("NullAway.Init") // set by enter(), which the constructor calls
    private Object identity;

    private long length;

    @SuppressWarnings("NullAway.Init") // set by enter(), which the constructor calls
    private ChainState state;

    @SuppressWarnings("NullAway.Init") // set by enter(), which the constructor calls
    private Mac mac;

    private long epochLines;
    private Instant epochStart;
    private long lastLook = System.nanoTime();

    /**
     * @param journal gets each checkpoint, to leave the machine; {@code losses} is run when lines that were written are
     *     gone
     */
    ChainFile(Path file, AuditKeys keys, Clock clock, Consumer<String> journal, Runnable losses) throws IOException {
        this.losses = losses;
        this.file = file;
        this.keys = keys;
        this.clock = clock;
        keys.create();
        this.checkpoints = new CheckpointFile(file.resolveSibling("audit.checkpoints"), keys.signing(), clock, journal);
        this.epochStart = clock.instant();
        this.lock = keys.lock();
        try (var _ = lock.hold()) {
            enter();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Another process may have appended since: its state is the truth. Read anew each time, as inode numbers are
     * reused.
     */
    private void enter() throws IOException {
        ChainState present = ChainState.load(keys.state());
        if (state == null || present.epoch() != state.epoch()) {
            mac = ChainState.mac(present.key());
        }
        state = present;
        if (channel == null) {
            open();
        } else if (!identity.equals(RotatedFiles.identity(file))) {
            leave();
            open();
        }
        long before = length;
        if (channel.size() != before) {
            length = channel.size();
            catchUp();
            channel.position(length);
            if (!goesOn()) {
                tellOfLoss(length < before ? "cut short" : "removed or replaced");
            }
        }
        channel.position(length);
    }

    /**
     * Ends the present file when its name leads elsewhere. logrotate renames the file and makes no call: what was
     * written stands beside then, and a checkpoint says that a new file begins. Any other disappearance is a loss, and
     * nothing is signed for it.
     */
    private void leave() throws IOException {
        var trail = new RotatedFiles(file);
        if (trail.holds(identity) || trail.endsWith(state.last())) {
            checkpoint(Checkpoint.ROTATION);
        }
    }

    /** Whether the chain's last line is the last one of the file, or, where the file is new, of a rotated one. */
    private boolean goesOn() throws IOException {
        return length == 0
                ? state.seq() == 0 || new RotatedFiles(file).endsWith(state.last())
                : RotatedFiles.lastSeal(file).equals(state.last());
    }

    /**
     * Lines that were written are gone: what is known of them is signed, the loss is the next line, and people are
     * told.
     */
    private void tellOfLoss(String how) throws IOException {
        System.getLogger(ChainFile.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "The security log {0} was {1}, and that was no rotation: lines up to {2,number,#} are not where they were written. "
                                + "See: whatsapp audit verify",
                        file,
                        how,
                        state.seq());
        var told = Map.of("how", how, "last_line", Long.toString(state.seq()));
        try {
            checkpoint(Checkpoint.TIME);
            appendLocked(List.of(AuditEntry.system(SecurityEvent.SYS_LOG_LOST, AuditEntry.FAILURE, told)), true);
            losses.run();
        } catch (IOException e) {
            length = -1; // looked at again, so that the loss is told of once the log can be written
            throw e;
        }
    }

    /** Looks, without anything to write, whether the file is still what it was; every few seconds at most. */
    void watch() throws IOException {
        long now = System.nanoTime();
        if (now - lastLook < LOOK_NANOS) {
            return;
        }
        lastLook = now;
        if (!identity.equals(RotatedFiles.identity(file)) || channel.size() < length) {
            try (var _ = lock.hold()) {
                enter();
            }
        }
    }

    private void open() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        }
        FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        if (channel != null) {
            channel.close();
        }
        channel = opened;
        identity = RotatedFiles.identity(file);
        length = -1;
    }

    /** A crash can leave lines that the state does not know yet; a torn last one is cut off. */
    private void catchUp() throws IOException {
        String tail = Tail.of(file, TAIL_BYTES);
        long before = state.seq();
        int end = tail.lastIndexOf('\n') + 1;
        if (end < tail.length()) {
            length -= tail.length() - end;
            channel.truncate(length);
        }
        state = state.after(tail.substring(0, end).split("\n"), mac);
        if (state.seq() != before) {
            state.save(keys.state(), true);
        }
    }

    /**
     * Appends the entries, in order.
     *
     * @param durable true to return only when they are on disk
     * @throws IOException when nothing of it was kept
     */
    void append(List<AuditEntry> entries, boolean durable) throws IOException {
        try (var _ = lock.hold()) {
            enter();
            evolveWhenDue();
            appendLocked(entries, durable);
        }
    }

    private void appendLocked(List<AuditEntry> entries, boolean durable) throws IOException {
        ChainState next = state;
        var text = new StringBuilder();
        for (AuditEntry entry : entries) {
            String unsealed =
                    AuditLine.unsealed(next.seq() + 1, clock.instant(), boot, entry, next.epoch(), next.last());
            String h = AuditLine.h(mac, unsealed.getBytes(StandardCharsets.US_ASCII));
            text.append(AuditLine.seal(unsealed, h));
            next = new ChainState(next.epoch(), next.key(), next.seq() + 1, h);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        var buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (durable) {
                channel.force(false);
            }
            next.save(keys.state(), false);
        } catch (IOException e) {
            // Half a line must not stay, nor a line that the state does not know: the next one would be glued to it.
            channel.truncate(length);
            channel.position(length);
            throw e;
        }
        length += bytes.length;
        state = next;
        epochLines += entries.size();
        checkpoints.appended(entries.size());
    }

    private void evolveWhenDue() throws IOException {
        if (epochLines < EPOCH_LINES && clock.instant().isBefore(epochStart.plus(EPOCH_TIME))) {
            return;
        }
        state = state.evolved();
        state.save(keys.state(), true);
        mac = ChainState.mac(state.key());
        epochLines = 0;
        epochStart = clock.instant();
    }

    /** Signs what is new, when that is due; called by the writing thread in each of its turns. */
    void checkpointWhenDue() throws IOException {
        if (checkpoints.isDue()) {
            checkpointNow();
        }
    }

    private void checkpointNow() throws IOException {
        try (var _ = lock.hold()) {
            enter();
            checkpoint(Checkpoint.TIME);
        }
    }

    /** Signs what is on disk: a checkpoint vouches for no line that a power cut could take. */
    private void checkpoint(String kind) throws IOException {
        checkpoints.begin();
        channel.force(false);
        state.save(keys.state(), true);
        checkpoints.write(kind, state);
    }

    @Override
    public void close() throws IOException {
        if (checkpoints.isBehind()) {
            checkpointNow();
        }
        channel.close();
        lock.close();
    }
}
