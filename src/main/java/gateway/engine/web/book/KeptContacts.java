package gateway.engine.web.book;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import gateway.store.Store;

/** The names of persons. All are sealed. */
public final class KeptContacts {
    /** The longest name that is kept, in characters. */
    public static final int MAX_NAME = 256;

    private final String device;
    private final Store store;
    private final SealedRows rows;

    KeptContacts(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    /** Where a name comes from, the better source first. */
    public enum Source {
        /** The account's address book. */
        BOOK,
        /** The person's own choice. */
        PUSH;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The best name of each person, by the person's address. */
    public Map<String, String> all() {
        Map<String, String> names = new LinkedHashMap<>();
        for (List<String> row : store.all(
                row -> List.of(row.text(1), row.text(2), row.text(3)),
                "SELECT person, source, sealed FROM web_contact WHERE device = ? ORDER BY person, source",
                device)) {
            names.putIfAbsent(
                    row.get(0),
                    new String(
                            rows.open("web_contact", row.get(1) + " " + row.get(0), row.get(2)),
                            StandardCharsets.UTF_8));
        }
        return names;
    }

    public Optional<String> name(String person, Source source) {
        return rows.sealed(
                        "SELECT sealed FROM web_contact WHERE device = ? AND person = ? AND source = ?",
                        "web_contact" + source.word() + " " + person,
                        device,
                        person,
                        source.word())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** A name as it is kept. */
    public static String shortened(String name) {
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }

    /** Keeps a name, shortened to {@link #MAX_NAME}. An empty one, and WhatsApp's «-», take the name away. */
    public KeyChanges keep(String person, Source source, String name) {
        String kept = shortened(name);
        if (kept.isBlank() || kept.equals("-")) {
            return new KeyChanges()
                    .add(
                            "DELETE FROM web_contact WHERE device = ? AND person = ? AND source = ?",
                            device,
                            person,
                            source.word());
        }
        return new KeyChanges()
                .add(
                        """
                INSERT INTO web_contact (device, person, source, sealed) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, person, source) DO UPDATE SET sealed = excluded.sealed""",
                        device,
                        person,
                        source.word(),
                        rows.seal("web_contact", source.word() + " " + person, kept.getBytes(StandardCharsets.UTF_8)));
    }
}
