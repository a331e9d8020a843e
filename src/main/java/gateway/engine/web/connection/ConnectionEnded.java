package gateway.engine.web.connection;

/** The connection is no longer there, and why. */
public final class ConnectionEnded extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient End end;

    ConnectionEnded(End end) {
        super(end.text());
        this.end = end;
    }

    public End end() {
        return end;
    }
}
