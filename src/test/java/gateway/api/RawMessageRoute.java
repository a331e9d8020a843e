package gateway.api;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Recipients;
import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.MessageId;

/**
 * {@code POST /send/message} as the gateway reads and answers it, for a benchmark: what it stores is somebody else's.
 */
public final class RawMessageRoute implements Handler {
    private final Bodies bodies = new Bodies("", true, null);
    private final Recipients recipients = new Recipients(true);
    private final Storing storing;

    /** The columns of a message's row that differ from one to the next; {@code at} is epoch milliseconds. */
    public record Message(String chat, String id, String content, long at) {}

    /** Returns when the message is on disk. */
    @FunctionalInterface
    public interface Storing {
        void store(Message message) throws InterruptedException;
    }

    public RawMessageRoute(Storing storing) {
        this.storing = storing;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        var fields = bodies.of(request);
        var words = fields.text("message");
        var chat = recipients.chat("phone", fields.text("phone"));
        var id = MessageId.next();
        var content = ContentJson.write(new Content.Text(words, Content.Options.NONE));
        storing.store(new Message(chat.toString(), id, content, System.currentTimeMillis()));
        Outgoing.reply(response, id, Outgoing.queued(chat));
    }
}
