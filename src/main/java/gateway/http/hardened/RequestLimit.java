package gateway.http.hardened;

import java.util.Optional;

import io.helidon.common.concurrency.limits.Limit;

/** A connection's way to the {@link Slots}, as Helidon asks for one: nobody waits for a slot. */
final class RequestLimit implements Limit, Limit.Token {
    private static final String NAME = "slots";

    private final GuardedConnection connection;

    RequestLimit(GuardedConnection connection) {
        this.connection = connection;
    }

    @Override
    public Outcome tryAcquireOutcome(boolean wait) {
        return connection.takeSlot()
                ? Outcome.immediateAcceptance(NAME, NAME, this)
                : Outcome.immediateRejection(NAME, NAME);
    }

    @Override
    @SuppressWarnings("removal") // every limit of Helidon 4.5.0 must still have this method
    public Optional<Token> tryAcquire() {
        return tryAcquire(false);
    }

    @Override
    @SuppressWarnings("removal") // every limit of Helidon 4.5.0 must still have this method
    public Optional<Token> tryAcquire(boolean wait) {
        return connection.takeSlot() ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Limit copy() {
        return new RequestLimit(connection);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public void dropped() {
        connection.release();
    }

    @Override
    public void ignore() {
        connection.release();
    }

    @Override
    public void success() {
        connection.requestDone();
    }
}
