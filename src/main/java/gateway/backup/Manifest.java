package gateway.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * What a backup says of itself.
 *
 * @param format    the version of the form of backups
 * @param gateway   the version of the program that wrote it
 * @param id        the gateway's own name among backups: eight hexadecimal digits
 * @param host      the name of the machine that it was made on
 * @param time      when its snapshot was taken
 * @param databases the databases in it
 */
public record Manifest(int format, String gateway, String id, String host, Instant time, List<Tables> databases) {
    static final int FORMAT = 1;
    static final String ABOUT = "about.json";
    static final String LAST = "manifest.json";
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");
    /** No control characters, because they could change what else a terminal shows. */
    private static final Pattern VISIBLE = Pattern.compile("\\P{C}{0,300}");

    /**
     * A database of the backup.
     *
     * @param entry  its name in the archive
     * @param schema the number of its newest migration
     * @param rows   the number of rows of each table
     */
    public record Tables(String entry, int schema, SortedMap<String, Long> rows) {}

    /** An entry's size in bytes and its SHA-256 in hexadecimal. */
    record Sum(long size, String sha256) {}

    /** The manifest, and the sums of the entries when it is the last one. */
    record Read(Manifest manifest, Map<String, Sum> sums) {}

    /** Writes it as JSON, one entry a line. */
    void write(OutputStream out, Map<String, Sum> sums) throws IOException {
        try (var json =
                JSON.createGenerator(out).useDefaultPrettyPrinter().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            json.writeNumberField("format", format);
            json.writeStringField("gateway", gateway);
            json.writeStringField("id", id);
            json.writeStringField("host", host);
            json.writeStringField("time", time.toString());
            json.writeArrayFieldStart("databases");
            for (var database : databases) {
                json.writeStartObject();
                json.writeStringField("entry", database.entry);
                json.writeNumberField("schema", database.schema);
                json.writeObjectFieldStart("rows");
                for (var table : database.rows.entrySet()) {
                    json.writeNumberField(table.getKey(), table.getValue());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("entries");
            for (var entry : sums.entrySet()) {
                json.writeStartObject();
                json.writeStringField("name", entry.getKey());
                json.writeNumberField("size", entry.getValue().size);
                json.writeStringField("sha256", entry.getValue().sha256);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** Reads one, token by token: the list of entries may be long. */
    static Read read(InputStream in) throws IOException {
        var texts = new TreeMap<String, String>();
        var databases = new ArrayList<Tables>();
        var sums = new LinkedHashMap<String, Sum>();
        try (var json = JSON.createParser(in)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "databases" -> list(json, () -> databases.add(tables(json)));
                    case "entries" -> list(json, () -> entry(json, sums));
                    default -> scalar(json, name, texts);
                }
            }
            return new Read(
                    new Manifest(
                            Integer.parseInt(text(texts, "format")),
                            text(texts, "gateway"),
                            text(texts, "id", ID),
                            text(texts, "host"),
                            Instant.parse(text(texts, "time")),
                            databases),
                    sums);
        } catch (DateTimeException | NumberFormatException e) {
            throw new IOException("a manifest that cannot be read", e);
        }
    }

    private interface Item {
        void read() throws IOException;
    }

    private static void list(JsonParser json, Item item) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.START_OBJECT) {
            item.read();
        }
    }

    private static Tables tables(JsonParser json) throws IOException {
        var texts = new TreeMap<String, String>();
        var rows = new TreeMap<String, Long>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    json.nextToken();
                    rows.put(json.currentName(), json.getLongValue());
                }
            } else {
                scalar(json, name, texts);
            }
        }
        if (!GatewayState.isDatabase(text(texts, "entry"))) {
            throw new IOException("a database under a name that no database has");
        }
        return new Tables(text(texts, "entry"), Integer.parseInt(text(texts, "schema")), rows);
    }

    private static void entry(JsonParser json, Map<String, Sum> sums) throws IOException {
        var texts = new TreeMap<String, String>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            scalar(json, name, texts);
        }
        if (!GatewayState.isFile(text(texts, "name"))) {
            throw new IOException("an entry under a name that no entry has");
        }
        sums.put(text(texts, "name"), new Sum(Long.parseLong(text(texts, "size")), text(texts, "sha256")));
    }

    /** What a later format adds is passed over. */
    private static void scalar(JsonParser json, String name, Map<String, String> texts) throws IOException {
        if (json.currentToken().isScalarValue()) {
            texts.put(name, json.getText());
        } else {
            json.skipChildren();
        }
    }

    /** Whether a manifest may hold this text, which is shown on terminals. */
    static boolean isText(String text) {
        return VISIBLE.matcher(text).matches();
    }

    private static String text(Map<String, String> texts, String name) throws IOException {
        return text(texts, name, VISIBLE);
    }

    private static String text(Map<String, String> texts, String name, Pattern form) throws IOException {
        var text = texts.get(name);
        if (text == null) {
            throw new IOException("a manifest without " + name);
        }
        if (!form.matcher(text).matches()) {
            throw new IOException("a manifest whose " + name + " has another form");
        }
        return text;
    }

    private static void expect(JsonToken token, JsonToken wanted) throws IOException {
        if (token != wanted) {
            throw new IOException("a manifest that is none");
        }
    }
}
