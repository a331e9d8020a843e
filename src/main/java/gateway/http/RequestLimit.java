package gateway.http;

import io.helidon.common.concurrency.limits.Limit;

import java.util.Optional;

/** A listener's limit on requests at once that also tells the connection when its request is over. */
final class RequestLimit implements Limit {
    private final Limit inner;
    private final GuardedConnection connection;

    RequestLimit(Limit inner, GuardedConnection connection) {
        this.inner = inner;
        this.connection = connection;
    }

    @Override
    public Outcome tryAcquireOutcome(boolean wait) {
        Outcome outcome = inner.tryAcquireOutcome(wait);
        return outcome instanceof Outcome.Accepted accepted
                ? Outcome.immediateAcceptance(name(), type(), new Ending(accepted.token())) : outcome;
    }

    @Override
    @SuppressWarnings("removal")
    public Optional<Token> tryAcquire() {
        return tryAcquire(true);
    }

    @Override
    @SuppressWarnings("removal")
    public Optional<Token> tryAcquire(boolean wait) {
        return inner.tryAcquire(wait).map(Ending::new);
    }

    @Override
    public Limit copy() {
        return new RequestLimit(inner.copy(), connection);
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String type() {
        return inner.type();
    }

    private final class Ending implements Token {
        private final Token token;

        Ending(Token token) {
            this.token = token;
        }

        @Override
        public void dropped() {
            token.dropped();
        }

        @Override
        public void ignore() {
            token.ignore();
        }

        @Override
        public void success() {
            token.success();
            connection.requestDone();
        }
    }
}
