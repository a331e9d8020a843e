package gateway.hostile;

import java.util.ArrayList;
import java.util.List;

/** The head of a request, line by line, and what may be wrong with one. */
final class HostileHead {
    private final Dice dice;
    private final List<String> headers = new ArrayList<>();
    private String method;
    private String target;
    private String version = "HTTP/1.1";
    private String end = "\r\n";
    private boolean whole = true;

    HostileHead(Dice dice, String method, String target) {
        this.dice = dice;
        this.method = method;
        this.target = target;
    }

    HostileHead header(String name, String value) {
        headers.add(name + ": " + value);
        return this;
    }

    HostileHead target(String value) {
        target = value;
        return this;
    }

    HostileHead query(String query) {
        target += "?" + query;
        return this;
    }

    /** False when the server may close the connection without a word. */
    boolean whole() {
        return whole;
    }

    byte[] bytes() {
        return HostileCall.latin(method + " " + target + " " + version + end + String.join(end, headers) + end + end);
    }

    void spoil() {
        switch (dice.below(9)) {
            case 0 ->
                method = dice.pick(
                        "G@T",
                        "get",
                        "",
                        "GET\0",
                        "G T",
                        "TRACE",
                        "CONNECT",
                        "HEAD",
                        "OPTIONS",
                        "PUT",
                        "DELETE",
                        "PROPFIND",
                        "A".repeat(300),
                        "\u00e9",
                        "PRI",
                        "GET\t",
                        "(",
                        "G\u007fT",
                        "QUERY",
                        "\r\nGET");
            case 1 ->
                target = dice.pick(
                        "*",
                        "",
                        "/",
                        "//",
                        "///a",
                        "http://localhost" + target,
                        "http://other.invalid" + target,
                        "localhost:80",
                        "a",
                        "?",
                        "/?",
                        "/#a",
                        target + "#a",
                        target + " b",
                        target + "\t",
                        target + "\\",
                        "\\",
                        "/" + "a".repeat(5_000),
                        "/%",
                        "/%zz",
                        "/\u00e9",
                        "/\0",
                        "/..",
                        "/../..",
                        "/./",
                        "/%2e%2e/",
                        "/a;b",
                        "/a/..;/b",
                        "HTTP://",
                        "http://",
                        "http://[",
                        "/" + "a/".repeat(1_000),
                        "/%00",
                        "/%0d%0aX:%20y",
                        "/.env",
                        "/ws",
                        "/login");
            case 2 -> {
                version = dice.pick(
                        "HTTP/1.0",
                        "HTTP/0.9",
                        "HTTP/2.0",
                        "HTTP/1.2",
                        "HTTP/11",
                        "http/1.1",
                        "HTTP/1.1 ",
                        "HTTP",
                        "",
                        "HTTP/1.1x",
                        "HTTP/9999999999.1",
                        "X");
                whole = false;
            }
            case 3 -> {
                end = dice.pick("\n", "\r", "\r\r\n", "\n\r", "\0\r\n");
                whole = false;
            }
            case 4, 5 -> spoilHeader();
            default -> known();
        }
    }

    /** Headers that the server reads, with values that it does not expect. */
    private void known() {
        var name = dice.pick(
                "X-Device-Id",
                "Idempotency-Key",
                "X-Request-Id",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "Forwarded",
                "Accept",
                "Accept-Encoding",
                "Accept-Language",
                "Accept-Charset",
                "Content-Encoding",
                "Content-Type",
                "Origin",
                "Referer",
                "Sec-Fetch-Site",
                "Cookie",
                "Expect",
                "Upgrade",
                "Connection",
                "Range",
                "If-None-Match",
                "If-Modified-Since",
                "Host",
                "User-Agent",
                "Authorization",
                "TE",
                "Trailer",
                "X-Requested-With",
                "X-HELIDON-CN",
                "Access-Control-Request-Method",
                "Access-Control-Request-Headers",
                "Date",
                "Via",
                "Keep-Alive",
                "Proxy-Authorization",
                "Sec-WebSocket-Key",
                "HTTP2-Settings");
        for (int i = dice.pick(1, 1, 1, 2); i > 0; i--) {
            header(name, value());
        }
        // Some of these stand for another meaning of the whole request, as an upgrade or an expectation.
        whole = !List.of("Expect", "Upgrade", "Connection").contains(name);
    }

    private String value() {
        return dice.chance(60)
                ? HostileValues.text(dice).replaceAll("[\r\n\0]", "?")
                : dice.pick(
                        "",
                        "*",
                        ",",
                        ";",
                        "=",
                        "a=b;c=\"",
                        "\"",
                        "null",
                        "100-continue",
                        "100-Continue",
                        "websocket",
                        "h2c",
                        "close, keep-alive",
                        "bytes=0-",
                        "bytes=-1",
                        "bytes=9-1",
                        "bytes=0-0,1-1",
                        "gzip",
                        "identity",
                        "W/\"a\"",
                        "Thu, 99 Foo 2026",
                        "http://a/../b",
                        "null\u0001",
                        "a".repeat(4_000),
                        "1.2.3.4, 5.6.7.8",
                        "::ffff:10.0.0.1",
                        "[::1]:80",
                        "256.1.1.1",
                        "unknown",
                        "_hidden",
                        "for=\"[\"",
                        "application/json;q=x",
                        "text/html, ,",
                        "x/");
    }

    private void spoilHeader() {
        var line = dice.pick(
                "A",
                ": b",
                "A : b",
                " A: b",
                "A b: c",
                "A:",
                "A\0: b",
                "A: b\0",
                "A: \u0001",
                "\u00e9: a",
                "A: " + "b".repeat(9_000),
                "b".repeat(9_000) + ": a",
                "A: b\r\n c",
                "A: b\n",
                "A: b\rC: d",
                "A\t: b",
                "(: a",
                "\"A\": b",
                "Host: a\r\nHost: b",
                "Content-Length: 0\r\nContent-Length: 1",
                "A:b:c",
                "Transfer-Encoding: chunked");
        for (int i = dice.pick(1, 1, 300); i > 0; i--) {
            headers.add(dice.below(headers.size() + 1), line);
        }
        whole = false;
    }
}
