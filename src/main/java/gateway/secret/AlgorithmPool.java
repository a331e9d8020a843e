package gateway.secret;

import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The objects of one algorithm of the JDK, which are used again. A look-up among the providers takes longer than the
 * algorithm itself takes for a message. Each object is with one thread at a time, so there are never more objects than
 * threads that run. An object that waits still has its last key, until the next use sets another.
 */
public final class AlgorithmPool<T> {
    private final LookUp<T> lookUp;
    private final Queue<T> free = new ConcurrentLinkedQueue<>();

    /** A use of an algorithm's object, which sets the key first. */
    @FunctionalInterface
    public interface Use<T, R> {
        R of(T algorithm) throws GeneralSecurityException;
    }

    /** A look-up of a new object among the JDK's providers. */
    @FunctionalInterface
    public interface LookUp<T> {
        T find() throws GeneralSecurityException;
    }

    public AlgorithmPool(LookUp<T> lookUp) {
        this.lookUp = lookUp;
    }

    /** Lends an object for one use. An object whose use failed is not used again. */
    public <R> R with(Use<T, R> use) throws GeneralSecurityException {
        T kept = free.poll();
        T algorithm = kept == null ? lookUp.find() : kept;
        R result = use.of(algorithm);
        free.add(algorithm);
        return result;
    }
}
