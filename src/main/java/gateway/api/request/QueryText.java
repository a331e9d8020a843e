package gateway.api.request;

import gateway.http.Problem;

/** The form of a query: {@code name=value} pairs, joined by {@code &}. Parsers disagree about everything else. */
final class QueryText {
    private QueryText() {}

    /**
     * Refuses what is not in that form.
     *
     * @param raw as it was sent, without the question mark; may be null or empty
     * @throws Problem 400 naming the parameter
     */
    static void check(String raw) {
        if (raw == null || raw.isEmpty()) {
            return;
        }
        for (var pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (pair.isEmpty()) {
                throw Problem.badRequest("The query has an empty parameter; write name=value, joined by one & each.");
            }
            if (equals == 0) {
                throw Problem.badRequest("The query has a value without a name; write name=value.");
            }
            if (equals < 0) {
                throw Problem.badField(GivenName.shown(pair), "must have a value, as in name=value");
            }
        }
    }
}
