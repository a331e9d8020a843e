package gateway.webhook;

/** Another endpoint tells the same receiver of the same events already. */
public final class DuplicateEndpoint extends IllegalArgumentException {
    DuplicateEndpoint(String other) {
        super("url: is told of the same events by " + other
                + " already. Say allow_duplicate=true if every event shall come twice");
    }
}
