package gateway.secret;

import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The instances of one algorithm of the JDK that are used again. A look-up among the providers takes longer than the
 * algorithm itself takes for a message. Each instance is with one thread at a time, so there are never more than
 * threads that run.
 */
public final class Instances<T> {
    private final LookUp<T> lookUp;
    private final Queue<T> free = new ConcurrentLinkedQueue<>();

    /** A use of an instance, which sets its key first. */
    @FunctionalInterface
    public interface Use<T, R> {
        R of(T instance) throws GeneralSecurityException;
    }

    /** Looks a new instance up. */
    @FunctionalInterface
    public interface LookUp<T> {
        T instance() throws GeneralSecurityException;
    }

    public Instances(LookUp<T> lookUp) {
        this.lookUp = lookUp;
    }

    /** Lends an instance for one use. An instance whose use failed is not used again. */
    public <R> R with(Use<T, R> use) throws GeneralSecurityException {
        T kept = free.poll();
        T instance = kept == null ? lookUp.instance() : kept;
        R result = use.of(instance);
        free.add(instance);
        return result;
    }
}
