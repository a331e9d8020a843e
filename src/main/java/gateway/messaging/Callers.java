package gateway.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import gateway.engine.EngineRefusal;
import gateway.engine.Session.Sent;

/**
 * The callers of this node that wait until their message is sent. Whoever takes a caller out tells it how its message
 * ended; a caller that nobody takes out stops waiting by itself.
 */
final class Callers {
    /** How long a caller whose time is up waits for what is being told to it at that moment, seconds. */
    private static final long TELLING_SECONDS = 5;

    private final Duration wait;
    private final BiFunction<String, String, Optional<Sent>> known;
    /** By device and message id. */
    private final Map<String, Caller> waiting = new ConcurrentHashMap<>();
    /** Accounts whose callers are told «queued» at once. */
    private volatile Predicate<String> held = device -> false;

    /**
     * Who waits for a message.
     *
     * @param key what the first of them named its request
     */
    record Caller(CompletableFuture<Sent> promise, Optional<IdempotencyKey> key) {}

    /**
     * Callers that wait as long as one may.
     *
     * @param wait the longest wait; when it is zero no caller waits
     * @param known what the database says became of a device's message; empty while the message waits
     */
    Callers(Duration wait, BiFunction<String, String, Optional<Sent>> known) {
        this.wait = wait;
        this.known = known;
    }

    /** From now on nobody waits for a message of an account that is held. */
    void holding(Predicate<String> isHeld) {
        held = isHeld;
    }

    /** Adds a caller, or finds the one that waits for the message. Where callers do not wait, nobody can find it. */
    Caller add(String device, String id, Optional<IdempotencyKey> key) {
        var caller = new Caller(new CompletableFuture<>(), key);
        return wait.isZero()
                ? caller
                : Optional.ofNullable(waiting.putIfAbsent(name(device, id), caller))
                        .orElse(caller);
    }

    void remove(String device, String id, Caller caller) {
        if (!wait.isZero()) {
            waiting.remove(name(device, id), caller);
        }
    }

    /**
     * Waits until the message is sent; empty when it is still queued after the wait.
     *
     * @throws EngineRefusal when WhatsApp refused the message for good
     */
    Optional<Sent> await(String device, String id, Caller caller) {
        if (wait.isZero() || held.test(device)) {
            return Optional.empty();
        }
        try {
            return Optional.of(caller.promise.get(wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return late(device, id, caller);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw (EngineRefusal) e.getCause();
        }
    }

    /** The caller's time is up: from now on nobody tells it, unless somebody is about to. */
    private Optional<Sent> late(String device, String id, Caller caller) {
        if (!waiting.remove(name(device, id), caller)) {
            try {
                return Optional.of(caller.promise.get(TELLING_SECONDS, TimeUnit.SECONDS));
            } catch (TimeoutException e) {
                return known.apply(device, id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException e) {
                throw (EngineRefusal) e.getCause();
            }
        }
        // The word from another node that the message is finished may have been lost.
        return known.apply(device, id);
    }

    /** Tells the caller that waits for this message, if one still does. */
    void tell(String device, String messageId, Sent sent) {
        claim(device, messageId).ifPresent(caller -> caller.promise.complete(sent));
    }

    /** Takes out the caller that waits for the message; empty when none waits here. */
    Optional<Caller> claim(String device, String messageId) {
        return Optional.ofNullable(waiting.remove(name(device, messageId)));
    }

    /** Another node has finished the message: its caller here, if one waits, is told what the database says. */
    void finishedElsewhere(String device, String messageId) {
        Optional.ofNullable(waiting.get(name(device, messageId))).ifPresent(caller -> {
            try {
                known.apply(device, messageId).ifPresent(caller.promise::complete);
            } catch (EngineRefusal refusal) {
                caller.promise.completeExceptionally(refusal);
            }
        });
    }

    private static String name(String device, String messageId) {
        return device + '\n' + messageId;
    }
}
