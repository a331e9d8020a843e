package gateway.admin;

import java.util.regex.Pattern;

import gateway.auth.Admission;
import gateway.http.GatePolicy;
import gateway.http.Problem;

/** The Admin API's gate: the original's words for a refused token, and a line in the security log for every call. */
public final class AdminManner implements GatePolicy {
    private static final String CHALLENGE = "Bearer realm=\"whatsapp-admin\"";
    /** Ports are no persons, so the log tells which instance it was. */
    private static final Pattern ROUTE = Pattern.compile("/admin/instances(/[0-9]{1,5})?");

    @Override
    public String listener() {
        return "admin";
    }

    @Override
    public Problem unauthorized(Admission.Reason reason) {
        var problem = switch (reason) {
            case MISSING ->
                new Problem(401, "missing_authorization", "The header Authorization: Bearer TOKEN is needed.");
            case SCHEME, MALFORMED -> new Problem(401, "invalid_authorization", "Authorization must be: Bearer TOKEN.");
            case CREDENTIALS, BACKOFF, BUSY -> new Problem(401, "invalid_token", "The token is not the Admin API's.");
        };
        return problem.with("WWW-Authenticate", CHALLENGE);
    }

    @Override
    public String told(String path) {
        return ROUTE.matcher(path).matches() ? path : "/";
    }

    @Override
    public boolean aggregated(String method, String path) {
        return false;
    }
}
