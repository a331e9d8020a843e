package gateway.api;

import gateway.engine.EngineRefusal;
import gateway.http.Problem;

/** What a client is told when the engine refuses. */
final class EngineErrors {
    private EngineErrors() {
    }

    static Problem by(EngineRefusal refusal) {
        return switch (refusal.reason()) {
            case NOT_LOGGED_IN, NOT_CONNECTED -> new Problem(401, "AUTHENTICATION_ERROR", refusal.getMessage());
            case ALREADY_PAIRED -> new Problem(400, "ALREADY_LOGGED_IN", refusal.getMessage());
            case NO_SUCH_RECIPIENT -> new Problem(400, "INVALID_JID", refusal.getMessage());
            case REJECTED -> new Problem(400, "BAD_REQUEST", refusal.getMessage());
            case TRY_LATER -> Problem.unavailable(refusal.getMessage(), 1);
            case UNSUPPORTED -> new Problem(501, "NOT_IMPLEMENTED", refusal.getMessage());
        };
    }
}
