package gateway.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The conditions of a list of chats or messages: the {@code WHERE} of its statement, and the parameters of that. */
final class HistoryFilter {
    private final StringBuilder sql = new StringBuilder(" WHERE ");
    private final List<Object> parameters = new ArrayList<>();
    private boolean narrow;

    HistoryFilter(String condition, Object... values) {
        sql.append(condition);
        parameters.addAll(List.of(values));
    }

    void and(String condition, Object... values) {
        sql.append(" AND ").append(condition);
        parameters.addAll(List.of(values));
        narrow = true;
    }

    /** Whether there is more than the first condition. */
    boolean isNarrow() {
        return narrow;
    }

    String sql() {
        return sql.toString();
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    /** The parameters, and two more behind them. */
    Object[] and(int limit, int offset) {
        var all = new ArrayList<>(parameters);
        all.add(limit);
        all.add(offset);
        return all.toArray();
    }

    /** The parameters for two places, and others behind them. */
    Object[] twice(Object... others) {
        var all = new ArrayList<>(parameters);
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
