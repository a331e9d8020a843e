package gateway.check;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import gateway.check.Report.Kind;

/** The reader of the counts at the head of a kept report. The rest of the file is not read. */
final class ReportHead {
    private static final int BYTES = 4_096;
    private static final JsonFactory FACTORY = new JsonFactory();

    private ReportHead() {}

    /** Returns how many checks came to each kind of verdict; empty when the file does not begin as a report. */
    static Map<Kind, Long> counts(ReportShelf shelf, String name) {
        try (var parser = FACTORY.createParser(shelf.head(name, BYTES))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean counts = "counts".equals(parser.currentName());
                if (parser.nextToken() == JsonToken.START_OBJECT && counts) {
                    return counts(parser);
                }
                parser.skipChildren();
            }
            return Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static Map<Kind, Long> counts(JsonParser parser) throws IOException {
        var counts = new EnumMap<Kind, Long>(Kind.class);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var word = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                return Map.of();
            }
            long count = parser.getLongValue();
            for (var kind : Kind.values()) {
                if (kind.text().equals(word)) {
                    counts.put(kind, count);
                }
            }
        }
        return counts.size() == Kind.values().length ? counts : Map.of();
    }
}
