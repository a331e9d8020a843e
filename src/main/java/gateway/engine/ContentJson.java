package gateway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a message's content is written down: an object whose {@code kind} tells the others. What an older version wrote,
 * every newer one reads.
 */
public final class ContentJson {
    /** With one pool of buffers: by default each thread keeps its own, and each connection is a thread. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build());

    private ContentJson() {}

    public static String write(Content content) {
        var json = JSON.createObjectNode().put("kind", content.kind());
        switch (content) {
            case Content.Text text -> json.put("body", text.body());
            case Content.Media media -> {
                file(json, media.file());
                put(json, "caption", media.caption());
                put(json, "view_once", media.viewOnce());
                put(json, "voice", media.voice());
            }
            case Content.Card card -> json.put("name", card.name()).put("vcard", card.vcard());
            case Content.Location place -> {
                json.put("latitude", place.latitude()).put("longitude", place.longitude());
                put(json, "name", place.name());
                put(json, "address", place.address());
            }
            case Content.Link link -> json.put("url", link.url()).put("caption", link.caption());
            case Content.Poll poll -> {
                json.put("question", poll.question()).put("most", poll.most());
                poll.choices().forEach(json.putArray("choices")::add);
            }
            case Content.Vote vote -> {
                json.put("poll", vote.poll());
                vote.choices().forEach(json.putArray("choices")::add);
            }
            case Content.Structured structured -> json.put("json", structured.json());
            case Content.Unsupported unsupported -> json.put("what", unsupported.what());
            case Content.Reaction reaction ->
                json.put("target", reaction.target()).put("emoji", reaction.emoji());
            case Content.Edit edit -> json.put("target", edit.target()).put("body", edit.body());
            case Content.Revoke revoke -> {
                json.put("target", revoke.target());
                put(json, "from_me", revoke.targetFromMe());
            }
        }
        options(json, content.options());
        try {
            // Unlike the node's own toString, with the pool of buffers above.
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of nodes could not be written as JSON", e);
        }
    }

    /** @throws IllegalStateException when the text is no content this program knows: a newer version wrote it */
    public static Content read(String written) {
        try {
            var json = JSON.readTree(written);
            var kind = json.path("kind").asText();
            var options = options(json);
            return switch (kind) {
                case "text" -> new Content.Text(text(json, "body"), options);
                case "image", "video", "audio", "document", "sticker", "video_note" ->
                    new Content.Media(
                            Content.Media.Type.valueOf(kind.toUpperCase(Locale.ROOT)),
                            file(json),
                            text(json, "caption"),
                            json.path("view_once").asBoolean(),
                            json.path("voice").asBoolean(),
                            options);
                case "contact" -> new Content.Card(text(json, "name"), text(json, "vcard"), options);
                case "location", "live_location" ->
                    new Content.Location(
                            json.path("latitude").asDouble(),
                            json.path("longitude").asDouble(),
                            text(json, "name"),
                            text(json, "address"),
                            kind.equals("live_location"),
                            options);
                case "link" -> new Content.Link(text(json, "url"), text(json, "caption"), options);
                case "poll" ->
                    new Content.Poll(
                            text(json, "question"),
                            texts(json, "choices"),
                            json.path("most").asInt(),
                            options);
                case "poll_vote" -> new Content.Vote(text(json, "poll"), texts(json, "choices"), options);
                case "list", "order" -> new Content.Structured(kind, text(json, "json"), options);
                case "unsupported" -> new Content.Unsupported(what(json), options);
                case "reaction" -> new Content.Reaction(text(json, "target"), text(json, "emoji"));
                case "edit" -> new Content.Edit(text(json, "target"), text(json, "body"));
                case "revoke" ->
                    new Content.Revoke(
                            text(json, "target"), json.path("from_me").asBoolean());
                default -> throw new IllegalStateException("unknown kind of content: " + kind);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void options(ObjectNode json, Content.Options options) {
        put(json, "reply_to", options.replyTo());
        put(json, "quoted", options.quoted());
        put(json, "forwarded", options.forwarded());
        if (options.expires() != 0) {
            json.put("expires", options.expires());
        }
        if (!options.mentions().isEmpty()) {
            var mentions = json.putArray("mentions");
            options.mentions().forEach(jid -> mentions.add(jid.toString()));
        }
    }

    private static Content.Options options(JsonNode json) {
        return new Content.Options(
                text(json, "reply_to"),
                text(json, "quoted"),
                json.path("forwarded").asBoolean(),
                json.path("expires").asLong(),
                texts(json, "mentions").stream().map(Jid::parse).toList());
    }

    /** The word of what cannot be shown. An earlier version wrote that word into an object of its own. */
    private static String what(JsonNode json) throws IOException {
        return json.has("what")
                ? text(json, "what")
                : JSON.readTree(text(json, "json")).path("type").asText("unknown");
    }

    /** Writes a message's file. A file that was not downloaded has no id. */
    private static void file(ObjectNode json, Attachment file) {
        var written = json.putObject("file");
        if (file instanceof MediaFile kept) {
            written.put("id", kept.id());
        }
        written.put("mime", file.mime())
                .put("name", file.name())
                .put("size", file.size())
                .put("sha256", file.sha256());
    }

    private static Attachment file(JsonNode json) {
        var file = json.path("file");
        return !file.has("id")
                ? new RemoteFile(
                        text(file, "mime"),
                        text(file, "name"),
                        file.path("size").asLong(),
                        text(file, "sha256"))
                : new MediaFile(
                        text(file, "id"),
                        text(file, "mime"),
                        text(file, "name"),
                        file.path("size").asLong(),
                        text(file, "sha256"));
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asText("");
    }

    private static List<String> texts(JsonNode json, String name) {
        var texts = new ArrayList<String>();
        json.path(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void put(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private static void put(ObjectNode json, String name, boolean value) {
        if (value) {
            json.put(name, true);
        }
    }
}
