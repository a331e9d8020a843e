package gateway.store;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import gateway.config.SecretFile;

/**
 * Writes down beside a SQLite file how far it has come: a number in the database, committed first, then the same number
 * in a file. Once at the start and once a minute while there are writes. See {@link Continuity}.
 */
final class Mark implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Mark.class.getName());
    private static final long EVERY_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Store store;
    private final Path file;
    private final Thread thread;
    private long seen;

    Mark(Store store, Path database) {
        this.store = store;
        this.file = Continuity.markFile(database);
        advance();
        this.thread = Thread.ofPlatform().name("store-mark").daemon().start(this::loop);
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(EVERY_MILLIS);
                if (store.commits() != seen) {
                    advance();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void advance() {
        try {
            int next = store.write(tx -> {
                int number = (int) (long) tx.one(row -> row.number(1), "PRAGMA user_version")
                                        .orElseThrow()
                                % 999_999_998
                        + 1;
                tx.run("PRAGMA user_version = " + number);
                return number;
            });
            SecretFile.write(file, next + "\n");
            seen = store.commits();
        } catch (StoreUnavailable | IOException e) {
            LOG.log(Level.DEBUG, "the database's mark is left as it was", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
