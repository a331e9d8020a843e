package gateway.audit;

import java.util.Locale;

/** What the security log tells of, in the words of OWASP's Logging Vocabulary, plus what that has no word for. */
public enum SecurityEvent {
    AUTHN_LOGIN_SUCCESS, AUTHN_LOGIN_SUCCESSAFTERFAIL, AUTHN_LOGIN_FAIL,
    /** One failure too many: the address has to wait. */
    AUTHN_LOGIN_FAIL_MAX,
    AUTHN_PASSWORD_CHANGE(true), AUTHN_TOKEN_CREATED(true), AUTHN_TOKEN_REVOKED(true), AUTHN_TOKEN_REUSE,
    AUTHZ_FAIL, AUTHZ_CHANGE(true), AUTHZ_ADMIN(true),
    EXCESS_RATE_LIMIT_EXCEEDED,
    INPUT_VALIDATION_FAIL,
    UPLOAD_COMPLETE, UPLOAD_VALIDATION, UPLOAD_DELETE,
    MALICIOUS_EXTRANEOUS, MALICIOUS_CORS, MALICIOUS_DIRECT_REFERENCE, MALICIOUS_ATTACK_TOOL,
    PRIVILEGE_PERMISSIONS_CHANGED(true),
    SENSITIVE_CREATE(true), SENSITIVE_READ(true), SENSITIVE_UPDATE(true), SENSITIVE_DELETE(true),
    SESSION_CREATED, SESSION_RENEWED, SESSION_EXPIRED, SESSION_USE_AFTER_EXPIRE,
    SYS_STARTUP, SYS_SHUTDOWN, SYS_RESTART, SYS_CRASH, SYS_MONITOR_DISABLED(true), SYS_MONITOR_ENABLED(true),
    USER_CREATED(true), USER_UPDATED(true), USER_ARCHIVED(true), USER_DELETED(true),
    /** Settings were taken over, or refused, while running. */
    CONFIG_CHANGED(true), CONFIG_REFUSED;

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
