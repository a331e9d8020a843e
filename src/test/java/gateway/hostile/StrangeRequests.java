package gateway.hostile;

import java.util.List;

/** Hostile calls for the Admin API, which no description of ours lists. */
public final class StrangeRequests {
    private static final List<String> FIELDS = List.of(
            "port:integer",
            "basic_auth:string",
            "debug:boolean",
            "base_path:string",
            "webhook:string",
            "webhook_secret:string");
    private static final List<Route> ROUTES = List.of(
            new Route("GET", "/admin/instances", List.of(), List.of(), false),
            new Route("POST", "/admin/instances", List.of(), FIELDS, false),
            new Route("GET", "/admin/instances/{port}", List.of(), List.of(), false),
            new Route("PATCH", "/admin/instances/{port}", List.of(), FIELDS, false),
            new Route("DELETE", "/admin/instances/{port}", List.of(), List.of(), false));

    private StrangeRequests() {}

    /** A request as bytes; {@code whole} when a reply must come. */
    public record Strange(byte[] bytes, boolean whole) {
        @Override
        public String toString() {
            return HostileCall.escaped(bytes);
        }
    }

    /** The request of a seed; its port, where there is one, is outside of the range that instances may have. */
    public static Strange admin(long seed, String credential) {
        var calls = new HostileCalls(ROUTES, java.util.Map.of(Caller.OWNER, credential), new Known("", ""));
        var call = calls.of(seed, false);
        return new Strange(call.bytes(), call.whole());
    }
}
