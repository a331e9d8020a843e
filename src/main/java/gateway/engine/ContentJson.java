package gateway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

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
        var buffers = JSON.getFactory()._getBufferRecycler();
        try (var text = new SegmentedStringWriter(buffers)) {
            try (var json = JSON.getFactory().createGenerator(text)) {
                json.writeStartObject();
                json.writeStringField("kind", content.kind());
                write(json, content);
                options(json, content.options());
                json.writeEndObject();
            }
            return text.getAndClear();
        } catch (IOException e) {
            throw new IllegalStateException("A message's content could not be written as JSON", e);
        } finally {
            buffers.releaseToPool();
        }
    }

    private static void write(JsonGenerator json, Content content) throws IOException {
        switch (content) {
            case Content.Text text -> json.writeStringField("body", text.body());
            case Content.Media media -> {
                file(json, media.file());
                put(json, "caption", media.caption());
                put(json, "view_once", media.viewOnce());
                put(json, "voice", media.voice());
            }
            case Content.Card card -> {
                json.writeStringField("name", card.name());
                json.writeStringField("vcard", card.vcard());
            }
            case Content.Location place -> {
                json.writeNumberField("latitude", place.latitude());
                json.writeNumberField("longitude", place.longitude());
                put(json, "name", place.name());
                put(json, "address", place.address());
            }
            case Content.Link link -> {
                json.writeStringField("url", link.url());
                json.writeStringField("caption", link.caption());
            }
            case Content.Poll poll -> {
                json.writeStringField("question", poll.question());
                json.writeNumberField("most", poll.most());
                texts(json, "choices", poll.choices());
            }
            case Content.Vote vote -> {
                json.writeStringField("poll", vote.poll());
                texts(json, "choices", vote.choices());
            }
            case Content.Structured structured -> json.writeStringField("json", structured.json());
            case Content.Unsupported unsupported -> json.writeStringField("what", unsupported.what());
            case Content.Reaction reaction -> {
                json.writeStringField("target", reaction.target());
                json.writeStringField("emoji", reaction.emoji());
            }
            case Content.Edit edit -> {
                json.writeStringField("target", edit.target());
                json.writeStringField("body", edit.body());
            }
            case Content.Revoke revoke -> {
                json.writeStringField("target", revoke.target());
                put(json, "from_me", revoke.targetFromMe());
            }
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

    private static void options(JsonGenerator json, Content.Options options) throws IOException {
        put(json, "reply_to", options.replyTo());
        put(json, "quoted", options.quoted());
        put(json, "forwarded", options.forwarded());
        if (options.expires() != 0) {
            json.writeNumberField("expires", options.expires());
        }
        if (!options.mentions().isEmpty()) {
            texts(
                    json,
                    "mentions",
                    options.mentions().stream().map(Jid::toString).toList());
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
    private static void file(JsonGenerator json, Attachment file) throws IOException {
        json.writeObjectFieldStart("file");
        if (file instanceof MediaFile kept) {
            json.writeStringField("id", kept.id());
        }
        json.writeStringField("mime", file.mime());
        json.writeStringField("name", file.name());
        json.writeNumberField("size", file.size());
        json.writeStringField("sha256", file.sha256());
        json.writeEndObject();
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

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (var text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void put(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static void put(JsonGenerator json, String name, boolean value) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }
}
