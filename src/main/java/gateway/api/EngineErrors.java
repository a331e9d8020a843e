package gateway.api;

import java.time.Duration;

import gateway.engine.EngineRefusal;
import gateway.http.Problem;

/** What a client is told when the engine refuses. */
final class EngineErrors {
    private EngineErrors() {}

    static Problem by(EngineRefusal refusal) {
        return switch (refusal.reason()) {
            case NOT_LOGGED_IN, NOT_CONNECTED -> new Problem(401, "AUTHENTICATION_ERROR", refusal.getMessage());
            case ALREADY_PAIRED -> new Problem(400, "ALREADY_LOGGED_IN", refusal.getMessage());
            case NO_SUCH_RECIPIENT -> new Problem(400, "INVALID_JID", refusal.getMessage());
            case REJECTED -> new Problem(400, "BAD_REQUEST", refusal.getMessage());
            case RESTRICTED -> later(new Problem(403, "ACCOUNT_RESTRICTED", refusal.getMessage()), refusal);
            case WINDOW_CLOSED -> new Problem(400, "WINDOW_CLOSED", refusal.getMessage());
            case TRY_LATER ->
                Problem.unavailable(
                        refusal.getMessage(),
                        refusal.retryAfter().map(EngineErrors::seconds).orElse(1L));
            case UNSUPPORTED -> new Problem(501, "NOT_IMPLEMENTED", refusal.getMessage());
        };
    }

    private static Problem later(Problem problem, EngineRefusal refusal) {
        return refusal.retryAfter()
                .map(wait -> problem.with("Retry-After", Long.toString(seconds(wait))))
                .orElse(problem);
    }

    /** Whole seconds, at least 1, rounded up. */
    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
