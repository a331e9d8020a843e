package gateway.webhook;

import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.engine.Content;
import gateway.engine.Event;

/**
 * What version 7 sends, and the guide's receivers expect. Messages have no {@code event} member; members stand sorted by
 * name, because the original writes maps that way.
 */
final class V7Dialect implements PayloadDialect {

    @Override
    public String name() {
        return "v7";
    }

    @Override
    public Optional<String> render(Account account, Event event) {
        return switch (event) {
            case Event.Message message -> PayloadDialect.isBroadcast(message.chat(), message.sender())
                    ? Optional.empty() : Optional.of(message(message).toString());
            case Event.Receipt receipt -> receipt.kind() == Event.Receipt.Kind.READ_SELF
                    || PayloadDialect.isBroadcast(receipt.chat(), receipt.sender())
                    ? Optional.empty() : Optional.of(receipt(receipt).toString());
            case Event.Connection connection -> Optional.of(connection(connection).toString());
        };
    }

    @Override
    public String ping(Account account, long at) {
        return envelope(EventName.PING, at, sorted()).node().toString();
    }

    private static ObjectNode message(Event.Message message) {
        var body = sorted();
        body.put("sender_id", message.sender().user());
        body.put("chat_id", message.chat().user());
        body.put("from", PayloadDialect.source(message.chat(), message.sender()));
        if (message.sender().server().equals(gateway.engine.Jid.LID)) {
            body.put("from_lid", message.sender().toString());
        }
        body.put("timestamp", PayloadDialect.time(message.at()));
        if (!message.pushName().isEmpty()) {
            body.put("pushname", message.pushName());
        }
        switch (message.content()) {
            case Content.Text text -> {
                body.put("message", words(text.body(), message.id(), text.replyTo()));
                if (text.forwarded()) {
                    body.put("forwarded", true);
                }
            }
        }
        return body.node();
    }

    /** Its members keep their order: the original has a struct here. All are always there, empty if need be. */
    private static ObjectNode words(String text, String id, String replied) {
        return JsonNodeFactory.instance.objectNode()
                .put("text", text).put("id", id).put("replied_id", replied).put("quoted_message", "");
    }

    private static ObjectNode receipt(Event.Receipt receipt) {
        var payload = sorted();
        var ids = JsonNodeFactory.instance.arrayNode();
        receipt.ids().forEach(ids::add);
        payload.put("ids", ids);
        payload.put("chat_id", receipt.chat().toString());
        payload.put("sender_id", receipt.sender().toString());
        payload.put("from", PayloadDialect.source(receipt.chat(), receipt.sender()));
        payload.put("receipt_type", PayloadDialect.receiptType(receipt.kind()));
        payload.put("receipt_type_description", PayloadDialect.receiptDescription(receipt.kind()));
        return envelope(EventName.ACK, receipt.at(), payload).node();
    }

    /** The original tells nobody of its line; the members follow its other events. */
    private static ObjectNode connection(Event.Connection connection) {
        var payload = sorted();
        payload.put("state", connection.state().name().toLowerCase(java.util.Locale.ROOT));
        return envelope(EventName.CONNECTION, connection.at(), payload).node();
    }

    private static Sorted envelope(String event, long at, Sorted payload) {
        var body = sorted();
        body.put("event", event);
        body.put("timestamp", PayloadDialect.time(at));
        body.put("payload", payload.node());
        return body;
    }

    private static Sorted sorted() {
        return new Sorted(new TreeMap<>());
    }

    /** An object whose members are written in the order of their names. */
    private record Sorted(TreeMap<String, com.fasterxml.jackson.databind.JsonNode> members) {
        void put(String name, String value) {
            members.put(name, JsonNodeFactory.instance.textNode(value));
        }

        void put(String name, boolean value) {
            members.put(name, JsonNodeFactory.instance.booleanNode(value));
        }

        void put(String name, com.fasterxml.jackson.databind.JsonNode value) {
            members.put(name, value);
        }

        ObjectNode node() {
            var node = JsonNodeFactory.instance.objectNode();
            members.forEach(node::set);
            return node;
        }
    }
}
