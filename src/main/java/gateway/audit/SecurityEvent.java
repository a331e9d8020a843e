package gateway.audit;

import java.util.Locale;

/** What the security log tells of, in the words of OWASP's Logging Vocabulary, plus what that has no word for. */
public enum SecurityEvent {
    AUTHN_LOGIN_SUCCESS,
    AUTHN_LOGIN_FAIL,
    /** One failure too many: the address has to wait. */
    AUTHN_LOGIN_FAIL_MAX,
    AUTHN_PASSWORD_CHANGE(true),
    AUTHN_TOKEN_CREATED(true),
    AUTHN_TOKEN_REVOKED(true),
    AUTHZ_FAIL,
    AUTHZ_ADMIN(true),
    EXCESS_RATE_LIMIT_EXCEEDED,
    MALICIOUS_EXTRANEOUS,
    MALICIOUS_CORS,
    SENSITIVE_UPDATE(true),
    SENSITIVE_DELETE(true),
    /** The server serves; it was told to stop. */
    SYS_STARTUP,
    SYS_SHUTDOWN,
    /** Lines of this log are gone: its file was removed, replaced or cut short, and that was no rotation. */
    SYS_LOG_LOST,
    USER_CREATED(true),
    USER_DELETED(true),
    /** An account of WhatsApp was held, which must not fail for want of a log; or released. */
    ACCOUNT_HELD,
    ACCOUNT_RELEASED(true),
    /** Settings were taken over, or refused, while running. */
    CONFIG_CHANGED(true),
    CONFIG_REFUSED,
    /** A person said that an item of the checklist is met. */
    ITEM_ATTESTED(true),
    /** A report of the checklist was kept; the line holds its hash. */
    POSTURE_REPORTED(true);

    private final boolean failsClosed;

    SecurityEvent() {
        this(false);
    }

    SecurityEvent(boolean failsClosed) {
        this.failsClosed = failsClosed;
    }

    /** Whether the act it tells of must not happen when it cannot be written down. */
    public boolean failsClosed() {
        return failsClosed;
    }

    /** As it stands in the log. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
