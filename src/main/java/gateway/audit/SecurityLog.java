package gateway.audit;

/** Where security-relevant events are written down. */
public interface SecurityLog {

    /**
     * Writes an event down. One that {@link SecurityEvent#failsClosed() fails closed} is on disk when this returns.
     *
     * @throws AuditUnavailable when it could not be written; the act it tells of must not happen then
     */
    void write(AuditEntry entry);

    /**
     * Counts an event that comes in numbers; one line a minute tells how often, for each actor, address and outcome.
     */
    void count(AuditEntry entry);

    /** A value that must not be in the log, in a form that is the same for the same value: {@code hmac:…}. */
    String keyed(String value);

    /** Writes nothing down; for programs that only look. */
    static SecurityLog none() {
        return new SecurityLog() {
            @Override
            public void write(AuditEntry entry) {
                // Nobody listens.
            }

            @Override
            public void count(AuditEntry entry) {
                // Nobody listens.
            }

            @Override
            public String keyed(String value) {
                return "hmac:-";
            }
        };
    }
}
