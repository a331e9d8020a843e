package gateway.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A number that every process on one database sees change as soon as the accounts were changed by any of them. Asked
 * for each request, so that a revoked credential is refused on the very next one (OWASP ASVS 8.3.2).
 */
public interface Generation {
    VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();

    long now();

    /** Called after a change was committed. */
    void changed();

    /**
     * For processes on one machine, beside a SQLite file: eight bytes of memory that all of them map. Costs
     * nanoseconds.
     *
     * @param file made when it is not there
     */
    static Generation shared(Path file) {
        try (var channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            // As a segment: for a buffer the JDK makes classes by reflection, which took a start some twentieth of its
            // time.
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES, Arena.ofAuto());
            return new Generation() {
                @Override
                public long now() {
                    return (long) NUMBER.getVolatile(memory, 0L);
                }

                @Override
                public void changed() {
                    NUMBER.getAndAdd(memory, 0L, 1L);
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be used", e);
        }
    }

    /**
     * For nodes on one database server: the number that stands there. Requests that ask at the same time share one
     * query, but none takes the answer of a query that began before it asked.
     */
    static Generation asked(LongSupplier query) {
        var next = new AtomicReference<CompletableFuture<Long>>();
        var asking = new Object();
        return new Generation() {
            @Override
            public long now() {
                var mine = new CompletableFuture<Long>();
                CompletableFuture<Long> waiting = next.compareAndExchange(null, mine);
                if (waiting != null) {
                    return join(waiting);
                }
                synchronized (asking) {
                    // From here on newcomers start the next query.
                    next.set(null);
                    try {
                        mine.complete(query.getAsLong());
                    } catch (RuntimeException e) {
                        mine.completeExceptionally(e);
                    }
                }
                return join(mine);
            }

            @Override
            public void changed() {
                // The number changed in the same transaction.
            }
        };
    }

    private static long join(CompletableFuture<Long> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
