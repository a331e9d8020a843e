package gateway.config.catalogue;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;

import gateway.config.DatabaseSetting.Sqlite;
import gateway.config.Invalid;

/** Reads what follows {@code file:}. The guide's options are accepted as long as they ask for what is done anyway. */
final class SqliteUri {
    private static final Set<String> ON = Set.of("on", "true", "1", "yes");

    private SqliteUri() {}

    static Sqlite parse(String rest) throws Invalid {
        int question = rest.indexOf('?');
        var path = DatabaseParser.decode(question < 0 ? rest : rest.substring(0, question));
        if (path.startsWith("//")) {
            path = path.substring(2);
        }
        if (path.isEmpty() || path.contains(":memory:") || path.endsWith("/")) {
            throw new Invalid("names no file", "give the path of a database file; one in memory would lose messages");
        }
        var timeout = Duration.ofSeconds(5);
        for (var option : DatabaseParser.options(rest, question).entrySet()) {
            var value = option.getValue().toLowerCase(Locale.ROOT);
            switch (option.getKey()) {
                case "_journal_mode", "_journal" ->
                    require(
                            value.equals("wal"),
                            option.getKey(),
                            "WAL",
                            "another journal mode loses acknowledged messages or blocks readers");
                case "_synchronous", "_sync" ->
                    require(
                            value.equals("full") || value.equals("2"),
                            option.getKey(),
                            "FULL",
                            "anything less loses acknowledged messages in a power cut");
                case "_foreign_keys", "_fk" ->
                    require(ON.contains(value), option.getKey(), "on", "without them rows lose their owners");
                case "_timeout", "_busy_timeout" -> timeout = Duration.ofMillis(milliseconds(option.getKey(), value));
                case "_txlock" ->
                    require(
                            value.equals("immediate"),
                            option.getKey(),
                            "immediate",
                            "the single writer begins every transaction so");
                default ->
                    throw new Invalid(
                            "has an unknown option " + Parsers.quote(option.getKey()),
                            "use only _journal_mode, _synchronous, _foreign_keys, _busy_timeout and _txlock");
            }
        }
        return new Sqlite(Parsers.path(path), timeout);
    }

    private static long milliseconds(String option, String value) throws Invalid {
        if (!value.matches("[0-9]{4,5}") || Integer.parseInt(value) < 1000 || Integer.parseInt(value) > 60_000) {
            throw new Invalid("has an unusable " + option, "give milliseconds from 1000 to 60000; the guide's is 5000");
        }
        return Long.parseLong(value);
    }

    private static void require(boolean holds, String option, String value, String why) throws Invalid {
        if (!holds) {
            throw new Invalid(
                    "sets " + option + " to something other than " + value + ", and " + why,
                    "write " + option + "=" + value + " or leave it out");
        }
    }
}
