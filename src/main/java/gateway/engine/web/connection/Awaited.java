package gateway.engine.web.connection;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import gateway.engine.web.node.Node;

/** The answers that are waited for, by their ids. */
final class Awaited {
    private final Map<String, CompletableFuture<Node>> byId = new ConcurrentHashMap<>();
    private volatile Optional<End> end = Optional.empty();

    /** @throws IllegalArgumentException when an answer to this id is awaited already */
    CompletableFuture<Node> add(String id) {
        CompletableFuture<Node> answer = new CompletableFuture<>();
        if (byId.putIfAbsent(id, answer) != null) {
            throw new IllegalArgumentException("an answer to the id is awaited already");
        }
        end.ifPresent(why -> answer.completeExceptionally(new ConnectionEnded(why)));
        return answer;
    }

    void remove(String id) {
        byId.remove(id);
    }

    /** Whether somebody was waiting for this stanza. */
    boolean complete(Node stanza) {
        if (!isAnswerToRequest(stanza) && !(stanza.is("ack") && stanza.has("class", "message"))) {
            return false;
        }
        CompletableFuture<Node> waiting =
                stanza.attribute("id").map(byId::remove).orElse(null);
        return waiting != null && waiting.complete(stanza);
    }

    /** Whether the stanza answers an {@code iq}, on time or late. */
    static boolean isAnswerToRequest(Node stanza) {
        return stanza.is("iq") && (stanza.has("type", "result") || stanza.has("type", "error"));
    }

    void end(End why) {
        end = Optional.of(why);
        byId.values().forEach(answer -> answer.completeExceptionally(new ConnectionEnded(why)));
    }
}
