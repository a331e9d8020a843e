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
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * @param follows   the backup before it, when it is an increment
 */
public record Manifest(
        int format,
        String gateway,
        String id,
        String host,
        Instant time,
        List<Tables> databases,
        Optional<Follows> follows) {
    /** The form of a full backup. */
    static final int FULL = 1;
    /** The form of an increment, which is also the newest form. */
    static final int INCREMENT = 2;

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

    /**
     * The backup that an increment follows.
     *
     * @param name     its file name
     * @param manifest the SHA-256 of its {@code manifest.json}
     */
    public record Follows(String name, String manifest) {}

    /**
     * What is known at the end of an archive.
     *
     * @param entries its entries
     * @param patched the files that entries with blocks change, as they are afterwards
     * @param removed the files that are gone since the backup before
     */
    record Sums(Map<String, Sum> entries, Map<String, Sum> patched, Set<String> removed) {
        /** Those of a beginning. */
        static final Sums NONE = of(Map.of());

        /** Those of a full backup. */
        static Sums of(Map<String, Sum> entries) {
            return new Sums(entries, Map.of(), Set.of());
        }
    }

    /** The manifest, and the sums when it is the last one. */
    record Read(Manifest manifest, Sums sums) {}

    /** Writes it as JSON, one entry a line. */
    void write(OutputStream out, Sums sums) throws IOException {
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
            if (follows.isPresent()) {
                json.writeObjectFieldStart("follows");
                json.writeStringField("name", follows.get().name);
                json.writeStringField("manifest", follows.get().manifest);
                json.writeEndObject();
            }
            sums(json, "entries", sums.entries);
            if (follows.isPresent()) {
                sums(json, "patched", sums.patched);
                json.writeArrayFieldStart("removed");
                for (var name : sums.removed) {
                    json.writeString(name);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }

    private static void sums(JsonGenerator json, String name, Map<String, Sum> sums) throws IOException {
        json.writeArrayFieldStart(name);
        for (var entry : sums.entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", entry.getKey());
            json.writeNumberField("size", entry.getValue().size);
            json.writeStringField("sha256", entry.getValue().sha256);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Reads one, token by token: the list of entries may be long. */
    static Read read(InputStream in) throws IOException {
        var texts = new TreeMap<String, String>();
        var databases = new ArrayList<Tables>();
        var entries = new LinkedHashMap<String, Sum>();
        var patched = new LinkedHashMap<String, Sum>();
        var removed = new TreeSet<String>();
        var follows = Optional.<Follows>empty();
        try (var json = JSON.createParser(in)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "databases" -> list(json, () -> databases.add(tables(json)));
                    case "entries" -> list(json, () -> entry(json, entries));
                    case "patched" -> list(json, () -> entry(json, patched));
                    case "removed" -> names(json, removed);
                    case "follows" -> follows = Optional.of(follows(json));
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
                            databases,
                            follows),
                    new Sums(entries, patched, removed));
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

    private static void names(JsonParser json, Set<String> names) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            if (!GatewayState.isFile(json.getText())) {
                throw new IOException("a removed file under a name that no file has");
            }
            names.add(json.getText());
        }
    }

    private static Follows follows(JsonParser json) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        var texts = texts(json);
        return new Follows(text(texts, "name"), text(texts, "manifest"));
    }

    private static Map<String, String> texts(JsonParser json) throws IOException {
        var texts = new TreeMap<String, String>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            scalar(json, name, texts);
        }
        return texts;
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
        var texts = texts(json);
        if (!GatewayState.isEntry(text(texts, "name"))) {
            throw new IOException("an entry under a name that no entry has");
        }
        long size = Long.parseLong(text(texts, "size"));
        if (size < 0) {
            throw new IOException("an entry with a size below zero");
        }
        sums.put(text(texts, "name"), new Sum(size, text(texts, "sha256")));
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
