package gateway.outbound;

/**
 * A URL in the one form the gateway connects by; see {@link AddressGuard#target}.
 *
 * @param secure https rather than http
 * @param host lower-case name, dotted IPv4 address, or IPv6 address without brackets
 * @param port the one written, or the scheme's own
 * @param path path and query exactly as written, at least {@code /}
 */
public record Target(boolean secure, String host, int port, String path) {

    /** What stands in the {@code Host} header: the port only where it is not the scheme's own (RFC 9110 §7.2). */
    String authority() {
        var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** Whether the host is an address, which has no name to send in the TLS handshake. */
    boolean isLiteral() {
        char last = host.charAt(host.length() - 1);
        return host.indexOf(':') >= 0 || last >= '0' && last <= '9';
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority() + path;
    }
}
