package gateway.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** The plainest of its kind: one thread, one connection, and an answer once the group is on disk. */
final class GroupCommit<T> {
    private static final int GROUP = 256;

    private final BlockingQueue<Waiting<T>> queue = new ArrayBlockingQueue<>(4_096);

    private record Waiting<T>(T row, CompletableFuture<Void> done) {}

    /** What is done with each row, on the one thread. */
    @FunctionalInterface
    interface Insert<T> {
        void of(T row) throws SQLException;
    }

    GroupCommit(Connection connection, Insert<T> insert) throws SQLException {
        connection.setAutoCommit(false);
        Thread.ofPlatform().name("writer").start(() -> write(connection, insert));
    }

    /** Returns when the row is on disk. */
    void put(T row) throws InterruptedException {
        var waiting = new Waiting<>(row, new CompletableFuture<>());
        queue.put(waiting);
        waiting.done.join();
    }

    private void write(Connection connection, Insert<T> insert) {
        var group = new ArrayList<Waiting<T>>(GROUP);
        try {
            while (true) {
                group.add(queue.take());
                queue.drainTo(group, GROUP - 1);
                for (var waiting : group) {
                    insert.of(waiting.row);
                }
                connection.commit();
                group.forEach(waiting -> waiting.done.complete(null));
                group.clear();
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
