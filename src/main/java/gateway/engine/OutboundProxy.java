package gateway.engine;

/**
 * The HTTP proxy by which an account's connections leave. Its text shows no password.
 *
 * @param user empty for a proxy that asks for no password
 */
public record OutboundProxy(String host, int port, String user, String password) {
    /** Where it is, without user and password. */
    public String address() {
        return "http://" + host + ":" + port;
    }

    @Override
    public String toString() {
        return address();
    }
}
