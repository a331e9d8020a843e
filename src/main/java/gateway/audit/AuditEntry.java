package gateway.audit;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Who did what, from where, and how it ended. Holds no message text, number or secret: where such a thing has to be
 * recognised again, its {@link SecurityLog#keyed keyed hash} stands for it.
 *
 * @param actor     a user's name, a token's id, {@code system}; {@code -} when nobody proved to be anybody
 * @param address   the client's address; {@code -} for what came from inside
 * @param requestId the request's id; {@code -} outside of requests
 * @param outcome   {@code success}, {@code failure} or {@code refused}
 * @param details   short names and values, by name
 */
public record AuditEntry(
        SecurityEvent event,
        String actor,
        String address,
        String requestId,
        String outcome,
        Map<String, String> details) {
    public static final String SUCCESS = "success";
    public static final String FAILURE = "failure";
    public static final String REFUSED = "refused";
    private static final int MAX_VALUE = 256;

    public AuditEntry {
        Objects.requireNonNull(event);
        actor = bounded(actor);
        address = bounded(address);
        requestId = bounded(requestId);
        outcome = bounded(outcome);
        details = copy(details);
    }

    /** Sorts the details by name. One alone needs no tree: each request is counted by such an entry. */
    private static Map<String, String> copy(Map<String, String> details) {
        if (details.size() == 1) {
            var only = details.entrySet().iterator().next();
            return only.getValue().length() <= MAX_VALUE
                    ? Map.copyOf(details)
                    : Map.of(only.getKey(), bounded(only.getValue()));
        }
        var copy = new TreeMap<String, String>();
        details.forEach((name, value) -> copy.put(name, bounded(value)));
        return copy;
    }

    /** What the program itself does. */
    public static AuditEntry system(SecurityEvent event, String outcome, Map<String, String> details) {
        return new AuditEntry(event, "system", "-", "-", outcome, details);
    }

    private static String bounded(String value) {
        return value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE);
    }
}
