package gateway.engine.web.connection;

import java.util.Objects;

/** The connection is no longer there, and why. */
public final class ConnectionEnded extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient End end;

    ConnectionEnded(End end) {
        super(end.text());
        this.end = end;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public End end() {
        return end;
    }
}
