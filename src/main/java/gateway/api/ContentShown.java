package gateway.api;

import java.io.IOException;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonGenerator;

import gateway.engine.Content;

/** How a list writes a place, a person's card and a poll: in the names by which they are sent. */
final class ContentShown {
    /** The number in a vCard: WhatsApp's own form of it, or any. */
    private static final Pattern PHONE = Pattern.compile("(?:waid=|TEL[^:\\r\\n]{0,200}:)(\\+?[0-9][0-9 ()./-]{2,39})");

    private ContentShown() {}

    /** Writes the member of this content; none for a content that its words and its file show. */
    static void write(JsonGenerator json, Content content) throws IOException {
        switch (content) {
            case Content.Location place -> {
                json.writeObjectFieldStart("location");
                json.writeNumberField("latitude", place.latitude());
                json.writeNumberField("longitude", place.longitude());
                json.writeStringField("name", place.name());
                json.writeStringField("address", place.address());
                json.writeEndObject();
            }
            case Content.Card card -> {
                var phone = PHONE.matcher(card.vcard());
                json.writeObjectFieldStart("contact");
                json.writeStringField("name", card.name());
                json.writeStringField("phone", phone.find() ? phone.group(1).strip() : "");
                json.writeEndObject();
            }
            case Content.Poll poll -> {
                json.writeObjectFieldStart("poll");
                json.writeStringField("question", poll.question());
                json.writeArrayFieldStart("options");
                for (var choice : poll.choices()) {
                    json.writeString(choice);
                }
                json.writeEndArray();
                json.writeNumberField("max_answer", poll.most());
                json.writeEndObject();
            }
            default -> {}
        }
    }
}
