package gateway.auth;

/** What came of a request's credentials. */
public sealed interface Admission {

    /**
     * They are good.
     *
     * @param fresh    verified now rather than remembered from a moment ago
     * @param retiring with a password or token that has an end: its client should move to the new one
     * @param grant    the right for what goes on longer than the request
     */
    record Admitted(Principal principal, boolean fresh, boolean retiring, Grant grant) implements Admission {}

    /**
     * They are not.
     *
     * @param startsWait the address now has to wait: this was one failure too many
     */
    record Refused(Reason reason, boolean startsWait) implements Admission {
        Refused(Reason reason) {
            this(reason, false);
        }
    }

    /** They were not looked at; the same may be tried after so many seconds. */
    record Later(Reason reason, long seconds) implements Admission {}

    /** Why not, in words fit for a metric's label. The caller is not told which of them. */
    enum Reason {
        MISSING,
        SCHEME,
        MALFORMED,
        CREDENTIALS,
        BACKOFF,
        BUSY;

        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
