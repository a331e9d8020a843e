package gateway.engine.web.connection;

import gateway.engine.web.node.Node;

/** The server's {@code <error>} in answer to a request: 404 item-not-found, 429 rate-overlimit, … (web-1 §1.4). */
public final class RequestRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_TEXT = 200;

    private final int code;

    private RequestRefused(int code, String text) {
        super(code + " " + text);
        this.code = code;
    }

    static RequestRefused of(Node answer) {
        Node error = answer.child("error").orElse(Node.of("error"));
        String text = error.attribute("text").orElse("");
        int code = 0;
        try {
            code = error.attribute("code").map(Integer::parseInt).orElse(0);
        } catch (NumberFormatException _) {
            // The code stays 0, which no server gives.
        }
        return new RequestRefused(code, text.substring(0, Math.min(text.length(), MAX_TEXT)));
    }

    /** The error's number; 0 when the server gave none. */
    public int code() {
        return code;
    }
}
