package gateway.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The operating system's resolver, kept off the virtual threads: a lookup blocks the thread that carries them, so on a
 * machine with two cores two dead name servers would stop every endpoint. Callers who ask for the same name share one
 * lookup, so one dead name costs one thread.
 */
public final class SystemResolver implements Resolver, AutoCloseable {
    /** Part of the 5 s a connection may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("resolver-", 0).daemon(true).factory());
    private final ConcurrentHashMap<String, CompletableFuture<InetAddress[]>> asking = new ConcurrentHashMap<>();

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            return asking.computeIfAbsent(host, this::ask).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException("the name server did not answer");
        } catch (ExecutionException e) {
            throw new UnknownHostException("the name is unknown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        }
    }

    private CompletableFuture<InetAddress[]> ask(String host) {
        var answer = new CompletableFuture<InetAddress[]>();
        threads.execute(() -> {
            try {
                answer.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            } finally {
                asking.remove(host);
            }
        });
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
