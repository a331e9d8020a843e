package gateway.http;

import gateway.auth.Principal.Scope;

/** Which scope a request needs. */
@FunctionalInterface
public interface ScopeRules {
    /** @param path normalised, from the listener's root on */
    Scope needed(String method, String path);

    /**
     * The REST API's: what pairs, unpairs or administers needs {@code manage}, other looking needs {@code read}, other doing
     * needs {@code send}. A path that nobody thought of needs {@code manage} unless it only looks.
     *
     * @param basePath what every path starts with: empty, or like {@code /wa}
     */
    static ScopeRules api(String basePath) {
        return (method, path) -> {
            String rest = path.startsWith(basePath) ? path.substring(basePath.length()) : path;
            String first = rest.indexOf('/', 1) < 0 ? rest : rest.substring(0, rest.indexOf('/', 1));
            boolean looks = method.equals("GET") || method.equals("HEAD");
            return switch (first) {
                case "/users", "/tokens", "/sandbox", "/webhooks" -> Scope.MANAGE;
                case "/app" -> looks && (rest.equals("/app/devices") || rest.equals("/app/status") || rest.equals("/app/info"))
                        ? Scope.READ : Scope.MANAGE;
                case "/devices" -> looks && !rest.endsWith("/login") ? Scope.READ : Scope.MANAGE;
                // With reset=true this GET makes the old link worthless.
                case "/group" -> looks && !rest.equals("/group/invite-link") ? Scope.READ : Scope.SEND;
                case "/send", "/message", "/chat", "/chats", "/newsletter", "/call", "/user" ->
                        looks ? Scope.READ : Scope.SEND;
                default -> looks ? Scope.READ : Scope.MANAGE;
            };
        };
    }

    /** Everything needs {@code manage}: the Admin API. */
    static ScopeRules manageOnly() {
        return (method, path) -> Scope.MANAGE;
    }
}
