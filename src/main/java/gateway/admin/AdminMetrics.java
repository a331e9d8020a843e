package gateway.admin;

import java.util.Collection;
import java.util.function.Supplier;

/** What the Admin API counts; names and help texts are in {@code gateway.metrics}. */
public interface AdminMetrics {
    /** Counts nothing. */
    AdminMetrics NONE = new AdminMetrics() {};

    /** A request was answered; {@code path} is a route, {@code other} for none. */
    default void request(String method, String path, int status) {}

    /** An instance was created, updated or deleted, or that failed: {@code success} or {@code error}. */
    default void operation(String operation, String result) {}

    /** The supervisor could not be reached. */
    default void supervisorError() {}

    /** An instance that had ended by itself was started again. */
    default void restarted() {}

    /** How the instances stand, asked for when Prometheus scrapes. */
    default void instances(Supplier<Collection<String>> states) {}
}
