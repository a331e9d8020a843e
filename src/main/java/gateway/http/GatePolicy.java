package gateway.http;

import java.util.regex.Pattern;

import gateway.auth.Admission;

/** In what one listener's {@link Gate} differs from another's. */
public interface GatePolicy {
    /** The REST API's. */
    GatePolicy REST = new GatePolicy() {
        // Both schemes, so that a browser asks its user and a program sees that tokens are welcome.
        private static final String CHALLENGE =
                "Basic realm=\"whatsapp\", charset=\"UTF-8\", Bearer realm=\"whatsapp\"";

        private static final Pattern WORDS = Pattern.compile("(/[a-z-]+)+(?=/|$)");

        @Override
        public String listener() {
            return "rest";
        }

        @Override
        public Problem unauthorized(Admission.Reason reason) {
            return new Problem(401, "UNAUTHORIZED", "Valid credentials are needed.")
                    .with("WWW-Authenticate", CHALLENGE);
        }

        @Override
        public String told(String path) {
            var words = WORDS.matcher(path);
            return words.lookingAt() ? words.group() : "/";
        }

        @Override
        public boolean aggregated(String method, String path) {
            return method.equals("GET") && (!path.contains("/app/") || path.endsWith("/app/passkey"));
        }
    };

    /** The listener, for metrics and the security log: {@code rest} or {@code admin}. */
    String listener();

    /** The 401 for credentials that are not there or not good. */
    Problem unauthorized(Admission.Reason reason);

    /**
     * As much of an administrative call's path as the security log may hold: no part that could be a person's number.
     */
    String told(String path);

    /** Whether an administrative call is counted for a line a minute rather than written down by itself. */
    boolean aggregated(String method, String path);
}
