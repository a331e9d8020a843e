package gateway.http;

import java.util.Set;
import java.util.regex.Pattern;

import gateway.auth.Principal.Scope;

/** Which scope a request needs. */
@FunctionalInterface
public interface ScopeRules {
    /** @param path normalised, from the listener's root on */
    Scope needed(String method, String path);

    /**
     * Whether the path is about the gateway as a whole, so that a credential bound to one device has no business there.
     */
    default boolean concernsAll(String path) {
        return false;
    }

    /**
     * The REST API's: what pairs, unpairs or administers needs {@code manage}, other looking needs {@code read}, other
     * doing needs {@code send}. A path that nobody thought of needs {@code manage} unless it only looks; under
     * {@code /app} and {@code /devices} it needs {@code manage} always.
     *
     * @param basePath what every path starts with: empty, or like {@code /wa}
     */
    static ScopeRules api(String basePath) {
        return new Api(basePath);
    }

    /** See {@link #api}. */
    record Api(String basePath) implements ScopeRules {
        private static final String POSTURE = "/console/posture";
        private static final Set<String> WHOLE = Set.of("/users", "/tokens", "/webhooks");
        /**
         * The list of devices, one device and its status. What else is shown of a device may be a secret: a code that
         * pairs, the URL of an endpoint, a proxy of the inner network, a trace.
         */
        private static final Pattern DEVICE = Pattern.compile("/devices(/[^/]+(/status)?)?");

        @Override
        public Scope needed(String method, String path) {
            String rest = rest(path);
            boolean looks = method.equals("GET") || method.equals("HEAD");
            return switch (first(rest)) {
                case "/users", "/tokens", "/sandbox", "/webhooks" -> Scope.MANAGE;
                // The posture shows the weak points of the machine: only those who can mend them may see it.
                case "/console" -> looks && !rest.startsWith(POSTURE) ? Scope.READ : Scope.MANAGE;
                case "/app" ->
                    looks && (rest.equals("/app/devices") || rest.equals("/app/status") || rest.equals("/app/info"))
                            ? Scope.READ
                            : Scope.MANAGE;
                case "/devices" -> looks && DEVICE.matcher(rest).matches() ? Scope.READ : Scope.MANAGE;
                // With reset=true this GET makes the old link worthless.
                case "/group" -> looks && !rest.equals("/group/invite-link") ? Scope.READ : Scope.SEND;
                case "/send", "/message", "/chat", "/chats", "/newsletter", "/call", "/user" ->
                    looks ? Scope.READ : Scope.SEND;
                default -> looks ? Scope.READ : Scope.MANAGE;
            };
        }

        @Override
        public boolean concernsAll(String path) {
            return WHOLE.contains(first(rest(path))) || rest(path).startsWith(POSTURE);
        }

        private String rest(String path) {
            return path.startsWith(basePath) ? path.substring(basePath.length()) : path;
        }

        private static String first(String rest) {
            return rest.indexOf('/', 1) < 0 ? rest : rest.substring(0, rest.indexOf('/', 1));
        }
    }

    /** Everything needs {@code manage}: the Admin API. */
    static ScopeRules manageOnly() {
        return (method, path) -> Scope.MANAGE;
    }
}
