package gateway.webhook.payload;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Attachment;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.engine.RemoteFile;

/** A JSON form of events. */
public sealed interface PayloadDialect permits V7Dialect, V8Dialect {
    PayloadDialect V7 = new V7Dialect();
    PayloadDialect V8 = new V8Dialect();

    /** {@code v7} or {@code v8}. */
    String name();

    /** The body of an event; empty when receivers of this form are not told of it. */
    Optional<String> render(Account account, Event event);

    /** The body an operator tests an endpoint with. */
    String ping(Account account, long at);

    /**
     * The dialect of that name, whatever the case.
     *
     * @throws IllegalArgumentException with a sentence
     */
    static PayloadDialect named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "v7" -> V7;
            case "v8" -> V8;
            default -> throw new IllegalArgumentException("There is no payload form '" + name + "'. Use v7 or v8.");
        };
    }

    /** RFC 3339 in UTC, whole seconds. */
    static String time(long at) {
        return Instant.ofEpochMilli(at).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Where a message came from, in one string: {@code person in group}, or only the person. */
    static String source(Jid chat, Jid sender) {
        return sender.equals(chat) ? chat.toString() : sender + " in " + chat;
    }

    /** Status updates and broadcast lists are nobody's conversation; no peer forwards them. */
    static boolean isBroadcast(Jid chat, Jid sender) {
        return chat.server().equals(Jid.BROADCAST) || sender.server().equals(Jid.BROADCAST);
    }

    /**
     * Where a message's file can be fetched from this gateway, with the same credentials as everything else; empty for
     * one that was not downloaded.
     */
    static String path(Account account, Attachment file) {
        return file instanceof MediaFile kept ? MediaFiles.path(account.device(), kept.id()) : "";
    }

    /** Says of a file that was not downloaded what is known of it; {@code GET /message/{id}/download} downloads it. */
    static void pending(ObjectNode json, Attachment file) {
        if (file instanceof RemoteFile) {
            json.put("pending", true).put("size", file.size()).put("sha256", file.sha256());
        }
    }

    /** A message that WhatsApp refuses after it took it, in the form of a receipt. */
    static ObjectNode failed(ObjectNode payload, Event.Failed failed) {
        payload.putArray("ids").add(failed.id());
        return payload.put("chat_id", failed.chat().toString())
                .put("receipt_type", "failed")
                .put("receipt_type_description", "WhatsApp refused the message after it had taken it")
                .put("error_code", failed.code())
                .put("error", failed.why());
    }

    /** A card, a place, a list, an order or a poll in the form WhatsApp itself has for it; empty for anything else. */
    static Optional<ObjectNode> raw(Content content) {
        var json = JsonNodeFactory.instance.objectNode();
        return switch (content) {
            case Content.Card card ->
                Optional.of(json.put("displayName", card.name()).put("vcard", card.vcard()));
            case Content.Location place -> {
                json.put("degreesLatitude", place.latitude()).put("degreesLongitude", place.longitude());
                if (!place.name().isEmpty()) {
                    json.put("name", place.name());
                }
                if (!place.address().isEmpty()) {
                    json.put("address", place.address());
                }
                yield Optional.of(json);
            }
            case Content.Poll poll -> {
                json.put("name", poll.question());
                var options = json.putArray("options");
                poll.choices().forEach(choice -> options.addObject().put("optionName", choice));
                yield Optional.of(json.put("selectableOptionsCount", poll.most()));
            }
            case Content.Vote vote -> {
                json.put("pollId", vote.poll());
                vote.choices().forEach(json.putArray("selectedOptions")::add);
                yield Optional.of(json);
            }
            case Content.Structured structured -> Optional.of(structured(structured));
            case Content.Unsupported unsupported -> Optional.of(json.put("type", unsupported.what()));
            case Content.Text other -> Optional.empty();
            case Content.Media other -> Optional.empty();
            case Content.Link other -> Optional.empty();
            case Content.Change other -> Optional.empty();
        };
    }

    private static ObjectNode structured(Content.Structured structured) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(structured.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + structured.kind() + " is not JSON", e);
        }
    }

    static String receiptType(Event.Receipt.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "delivered";
            case READ -> "read";
            case READ_SELF -> "read-self";
        };
    }

    static String receiptDescription(Event.Receipt.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "the message reached the recipient's device";
            case READ -> "the recipient opened the chat and saw the message";
            case READ_SELF -> "this account read the message on another of its devices";
        };
    }
}
