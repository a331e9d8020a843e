package gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Makes the call of a seed: a request that would be right, with one thing or a few in it that are not. */
final class HostileCalls {
    /** A wrong password costs the server what it costs an attacker, so that few calls carry one. */
    private static final int WRONG_PERMILLE = 5;

    private final List<Route> routes;
    private final Map<Caller, String> credentials;
    private final Known known;

    /** @param credentials values of {@code Authorization} of those who have one */
    HostileCalls(List<Route> routes, Map<Caller, String> credentials, Known known) {
        this.routes = routes;
        this.credentials = credentials;
        this.known = known;
    }

    /** @param harmless whether nobody may call who may change anything */
    HostileCall of(long seed, boolean harmless) {
        var dice = new Dice(seed);
        var route = dice.pick(routes);
        var caller = !harmless
                ? Caller.OWNER
                : dice.below(1000) < WRONG_PERMILLE
                        ? Caller.WRONG
                        : dice.pick(Caller.NOBODY, Caller.MALFORMED, Caller.READER, Caller.OTHER_DEVICE);
        var bodies = new HostileBodies(dice, route, known);
        var head = new HostileHead(dice, route.method(), place(dice, route, false));
        head.header("Host", "localhost").header("Connection", "close").header("X-Forwarded-For", address(dice));
        authorize(dice, caller, head);
        return switch (dice.below(10)) {
            case 0, 1, 2 -> query(seed, dice, route, caller, head, bodies);
            case 3 ->
                made(
                        seed,
                        "path",
                        route,
                        caller,
                        head.target(place(dice, route, true)),
                        route.hasBody() ? bodies.good() : null);
            case 4, 5, 6, 7 -> made(seed, "body", route, caller, head, bodies.any());
            case 8 ->
                framed(
                        seed,
                        dice,
                        route,
                        caller,
                        head,
                        route.hasBody() ? bodies.good().bytes() : new byte[0]);
            default -> headed(seed, dice, route, caller, head, route.hasBody() ? bodies.good() : null);
        };
    }

    private HostileCall query(
            long seed, Dice dice, Route route, Caller caller, HostileHead head, HostileBodies bodies) {
        var pairs = new ArrayList<String>();
        route.queries().forEach(name -> {
            if (dice.chance(70)) {
                pairs.add(name + "="
                        + HostileValues.encoded(
                                dice, dice.chance(40) ? known.text(route, name) : HostileValues.text(dice)));
            }
        });
        if (dice.chance(60) || pairs.isEmpty()) {
            var name = route.queries().isEmpty() ? "a" : dice.pick(route.queries());
            pairs.add(dice.pick(
                    "a",
                    "",
                    "=",
                    "=b",
                    "&",
                    "a&",
                    "%",
                    "%zz",
                    "a=%zz",
                    "a=%ff",
                    "%ff=a",
                    "a=%00",
                    "%00=a",
                    "a=1&a=2",
                    "a[]=1",
                    "a=" + "b".repeat(3_000),
                    "?",
                    "a=b?c",
                    "a=b#c",
                    "a;b",
                    "a=\u00e9",
                    "+",
                    "a=b=c",
                    "verbose",
                    name,
                    name + "=",
                    name + "&" + name,
                    name + "=%00",
                    name + "=%ff",
                    name + "=1&" + name + "=2",
                    "%64evice_id=default",
                    "device_id",
                    "device_id=",
                    "device_id=%00",
                    "device_id=second"));
        }
        return made(
                seed,
                "query",
                route,
                caller,
                head.query(String.join("&", pairs)),
                route.hasBody() ? bodies.good() : null);
    }

    private HostileCall headed(
            long seed, Dice dice, Route route, Caller caller, HostileHead head, HostileBodies.Body body) {
        boolean cut = dice.chance(8);
        head.spoil();
        if (!cut) {
            return made(seed, "head", route, caller, head, body);
        }
        var whole = made(seed, "cut head", route, caller, head, body);
        int end = new String(whole.bytes(), StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        var part = java.util.Arrays.copyOf(whole.bytes(), dice.below(Math.max(1, end + 3)));
        return new HostileCall(seed, whole.kind(), route, caller, part, false);
    }

    private HostileCall made(
            long seed, String kind, Route route, Caller caller, HostileHead head, HostileBodies.Body body) {
        if (body != null) {
            head.header("Content-Type", body.type()).header("Content-Length", Integer.toString(body.bytes().length));
        }
        return new HostileCall(
                seed,
                kind,
                route,
                caller,
                joined(head.bytes(), body == null ? new byte[0] : body.bytes()),
                head.whole());
    }

    /** A body whose length is told in ways that two parsers could read as two. */
    private static HostileCall framed(long seed, Dice dice, Route route, Caller caller, HostileHead head, byte[] body) {
        head.header("Content-Type", "application/json");
        var length = Integer.toString(body.length);
        if (dice.chance(50)) {
            var told = dice.pick(
                    "-1",
                    "+" + length,
                    "",
                    " ",
                    "0x10",
                    "9".repeat(30),
                    length + "," + length,
                    length + ", 0",
                    "1e3",
                    "1;2",
                    "0",
                    "00" + length,
                    Integer.toString(body.length + 10),
                    "\u0661",
                    "9223372036854775807");
            head.header("Content-Length", told);
            if (dice.chance(20)) {
                head.header(
                        dice.pick("Content-Length", "Transfer-Encoding", "content-length"),
                        dice.pick("chunked", length, "0"));
            }
            return new HostileCall(seed, "length", route, caller, joined(head.bytes(), body), false);
        }
        head.header(
                "Transfer-Encoding",
                dice.chance(70)
                        ? "chunked"
                        : dice.pick(
                                "Chunked",
                                "chunked, chunked",
                                "gzip, chunked",
                                "identity",
                                "",
                                " chunked",
                                "xchunked",
                                "chunked;a=b",
                                "\u000bchunked"));
        var size = Integer.toHexString(body.length);
        var framed = new ByteArrayOutputStream();
        framed.writeBytes(HostileCall.latin(dice.pick(
                        size,
                        size,
                        "0" + size,
                        size.toUpperCase(java.util.Locale.ROOT),
                        "+" + size,
                        "-1",
                        "",
                        "zz",
                        "ffffffffffffffff",
                        "7fffffff",
                        size + ";a=b",
                        size + " ",
                        "0x" + size,
                        "0".repeat(40) + size)
                + dice.pick("\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n")));
        framed.writeBytes(body);
        framed.writeBytes(HostileCall.latin(dice.pick(
                "\r\n0\r\n\r\n",
                "\r\n0\r\n\r\n",
                "0\r\n\r\n",
                "\r\n0\r\n",
                "\n0\n\n",
                "\r\n0\r\nA: b\r\n\r\n",
                "\r\n",
                "",
                "\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n")));
        return new HostileCall(seed, "chunks", route, caller, joined(head.bytes(), framed.toByteArray()), false);
    }

    private String place(Dice dice, Route route, boolean hostile) {
        var path = route.path();
        for (int at = path.indexOf('{'); at >= 0; at = path.indexOf('{', at + 1)) {
            var name = path.substring(at + 1, path.indexOf('}', at));
            var value = !hostile && dice.chance(80)
                    ? known.text(route, name)
                    : dice.chance(50) ? HostileValues.id(dice) : HostileValues.text(dice);
            value = dice.chance(90)
                    ? URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")
                    : dice.pick("%00", "%ff", "%2f", "%5c", "%", "%2", "%c0%af", "a;b", "..;");
            path = path.substring(0, at) + value + path.substring(path.indexOf('}', at) + 1);
        }
        return hostile && path.equals(route.path())
                ? path + dice.pick("/", "//", "/.", "/%2e", "/a", "%00", "%ff", ";a", "/..", "?")
                : path;
    }

    private void authorize(Dice dice, Caller caller, HostileHead head) {
        switch (caller) {
            case NOBODY -> {}
            case MALFORMED ->
                head.header(
                        "Authorization",
                        dice.pick(
                                "",
                                " ",
                                "Basic",
                                "Basic ",
                                "Basic !",
                                "Basic YQ",
                                "Basic " + "A".repeat(4_000),
                                "Bearer",
                                "Bearer ",
                                "Bearer a b",
                                "Digest a=b",
                                "basic\tYTpi",
                                "Basic " + base64("admin"),
                                "Basic " + base64(":"),
                                "Basic " + base64("\0:\0"),
                                "Basic //8=",
                                "Negotiate a",
                                "Basic YTpi, Bearer x",
                                "\u00e9",
                                "Bearer \u0001"));
            case WRONG ->
                head.header(
                        "Authorization",
                        "Basic " + base64(dice.pick("admin", "reader", "nobody") + ":" + dice.number()));
            default -> head.header("Authorization", credentials.get(caller));
        }
    }

    /** Each call's own, so that nobody waits for somebody else's wrong password. */
    private static String address(Dice dice) {
        return "10." + dice.below(256) + "." + dice.below(256) + "." + dice.below(256);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
