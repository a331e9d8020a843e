package gateway.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import gateway.messaging.Chats.Place;

/** The conditions of a list of chats or messages: the {@code WHERE} of its statement, and the parameters of that. */
final class HistoryFilter {
    private final StringBuilder sql = new StringBuilder(" WHERE ");
    private final List<Object> parameters = new ArrayList<>();
    private String way = "";
    private boolean narrow;

    HistoryFilter(String condition, Object... values) {
        sql.append(condition);
        parameters.addAll(List.of(values));
    }

    private HistoryFilter(HistoryFilter other) {
        sql.setLength(0);
        sql.append(other.sql);
        parameters.addAll(other.parameters);
        way = other.way;
        narrow = other.narrow;
    }

    void and(String condition, Object... values) {
        also(condition, values);
        narrow = true;
    }

    /** Adds a condition of which the number of rows is known without being counted. */
    void also(String condition, Object... values) {
        sql.append(" AND ").append(condition);
        parameters.addAll(List.of(values));
    }

    /** Names the way to the rows, in the words of SQLite: {@code INDEXED BY} or {@code NOT INDEXED}. */
    void way(String words) {
        way = " " + words;
    }

    /**
     * The same, and only what stands behind the place in a list that is in falling order of {@code at}, then in rising
     * order of {@code key}.
     */
    HistoryFilter behind(Place place, String at, String key) {
        var behind = new HistoryFilter(this);
        behind.also(at + " <= ? AND (" + at + " < ? OR " + key + " > ?)", place.at(), place.at(), place.key());
        return behind;
    }

    /** Whether there are conditions of which only counting tells the number of rows. */
    boolean isNarrow() {
        return narrow;
    }

    String sql() {
        return sql.toString();
    }

    /** The way to the rows, which stands between the name of the table and {@link #sql}. */
    String way() {
        return way;
    }

    /** {@link #way} and {@link #sql}. */
    String ofTable() {
        return way + sql;
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    /** The parameters, and two more behind them. */
    Object[] and(long limit, int offset) {
        var all = new ArrayList<>(parameters);
        all.add(limit);
        all.add(offset);
        return all.toArray();
    }

    /** Others, and the parameters behind them. */
    Object[] behind(List<String> others) {
        var all = new ArrayList<Object>(others);
        all.addAll(parameters);
        return all.toArray();
    }

    /** Some before, the parameters for two places, and others behind them. */
    Object[] twice(List<String> before, Object... others) {
        var all = new ArrayList<Object>(before);
        all.addAll(parameters);
        all.addAll(parameters);
        all.addAll(List.of(others));
        return all.toArray();
    }

    /** Part of a text, its own wildcards taken literally. */
    static String like(String part) {
        return "%"
                + part.toLowerCase(Locale.ROOT)
                        .replace("\\", "\\\\")
                        .replace("%", "\\%")
                        .replace("_", "\\_") + "%";
    }
}
