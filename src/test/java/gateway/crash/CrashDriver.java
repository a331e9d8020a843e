package gateway.crash;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import gateway.Program;

/** The client, which no kill touches, and its ledger: what it asked for, and what it was told. */
final class CrashDriver {
    private final int senders;
    private final int receivers;
    private final long pauseMillis;
    private final List<String> chats;
    private final AtomicLong number = new AtomicLong();
    /** Texts of sends that were answered 200, with the message id they were given. */
    final Map<String, String> accepted = new ConcurrentHashMap<>();
    /** Texts of events that the sandbox's network took. */
    final Set<String> events = ConcurrentHashMap.newKeySet();
    /**
     * Sends whose connection was cut before an answer: nobody knows, so they are asked for again under the same key.
     */
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    /** Answers that contradict an earlier one to the same key. */
    final Set<String> contradictions = ConcurrentHashMap.newKeySet();
    /** Every status that a send was answered with. */
    final Set<Integer> statuses = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    /** A load for the sandbox: 30 chats, as much as 12 workers bring. */
    CrashDriver() {
        this(
                8,
                4,
                10,
                IntStream.range(0, 30).mapToObj("62812345678%02d"::formatted).toList());
    }

    /**
     * @param senders     how many send at once
     * @param receivers   how many let the sandbox's people write
     * @param pauseMillis of each of them between two messages
     * @param chats       the people's numbers
     */
    CrashDriver(int senders, int receivers, long pauseMillis, List<String> chats) {
        this.senders = senders;
        this.receivers = receivers;
        this.pauseMillis = pauseMillis;
        this.chats = chats;
    }

    /** The number that a text is sent to. */
    String chat(String text) {
        return chats.get(Math.abs(text.hashCode() % chats.size()));
    }

    /** Loads the program until {@link #stop}; returns at once. */
    List<Thread> load(Program program) {
        stopped = false;
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < senders; i++) {
            workers.add(repeat(pauseMillis, () -> send(program, "send-" + number.incrementAndGet() + "-")));
        }
        for (int i = 0; i < receivers; i++) {
            workers.add(repeat(pauseMillis, () -> event(program, "event-" + number.incrementAndGet())));
        }
        return workers;
    }

    /** Does something again and again until {@link #stop}, with a pause in between; returns at once. */
    Thread repeat(long pauseMillis, Runnable deed) {
        return Thread.ofVirtual().start(() -> {
            while (!stopped) {
                deed.run();
                pause(pauseMillis);
            }
        });
    }

    private void stop() {
        stopped = true;
    }

    /** Stops, and waits until the workers have. */
    void stop(List<Thread> workers) throws InterruptedException {
        stop();
        for (var worker : workers) {
            worker.join();
        }
    }

    /** Asks again for everything whose outcome is unknown. */
    void settle(Program program) {
        for (var text : Set.copyOf(unknown)) {
            send(program, text);
        }
    }

    boolean settled() {
        return unknown.isEmpty();
    }

    private void send(Program program, String text) {
        try {
            var reply = program.send(program.request("/send/message")
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", text)
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"phone\":\"%s\",\"message\":\"%s\"}".formatted(chat(text), text))));
            statuses.add(reply.statusCode());
            if (reply.statusCode() == 200) {
                var id = Program.json(reply).path("results").path("message_id").textValue();
                var before = accepted.putIfAbsent(text, id);
                if (before != null && !before.equals(id)) {
                    contradictions.add(text + " was " + before + " and then " + id);
                }
                unknown.remove(text);
            } else {
                unknown.add(text);
            }
        } catch (IOException | ExecutionException cut) {
            // An ExecutionException: it died before it listened.
            unknown.add(text);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void event(Program program, String text) {
        try {
            var reply = program.post(
                    "/sandbox/inbound",
                    "{\"from\":\"%s\",\"message\":\"%s\"}"
                            .formatted(chats.get(ThreadLocalRandom.current().nextInt(chats.size())), text));
            if (reply.statusCode() == 200) {
                events.add(text);
            }
        } catch (IOException | ExecutionException cut) {
            // The sandbox's own network may or may not have taken it; only what it surely took is counted.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
