package gateway.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;
import gateway.process.OwnProbes;

/**
 * Checks that attack the gateway a little, from an address of loopback that no client has. One of them fails a login; ten
 * failures would make that address wait, and no other one.
 */
final class ProbeChecks {
    private static final String FORGED = "203.0.113.7";
    private static final int TAIL = 65_536;
    private static final int LOOKS = 20;
    private static final long LOOK_MILLIS = 100;
    /** The maximum of requests in a burst: more would be a load. */
    private static final int MAX_BURST = 300;

    private static final long MAX_WAIT_SECONDS = 2;

    /** A name that no server has (RFC 6761, 6.4). */
    static final String STRANGE = "unknown.invalid";

    /** Bad request, forbidden, not found, and misdirected. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 421);

    private ProbeChecks() {}

    static List<Check> all() {
        return List.of(
                probe(
                        "failed-login-recorded",
                        Severity.HIGH,
                        List.of("A-TEST-2", "A-MON-1", "A-NET-4"),
                        "one login with an example's password and a forged X-Forwarded-For, and its line in the log",
                        ProbeChecks::login),
                probe(
                        "rate-limit-met",
                        Severity.MEDIUM,
                        List.of("A-TEST-4"),
                        "a burst from an address of its own: its first 429, and the end of the wait",
                        ProbeChecks::burst),
                probe(
                        "hostile-requests",
                        Severity.HIGH,
                        List.of("B-APP-2"),
                        "replies to requests that are too long, contradict themselves or hide characters",
                        ProbeChecks::hostile),
                probe(
                        "unknown-name",
                        Severity.MEDIUM,
                        List.of("A-TLS-1", "A-NET-3"),
                        "the edge's answer to a name that is not its own",
                        ProbeChecks::unknownName));
    }

    private static Check probe(String name, Severity severity, List<String> ids, String evidence, Check.Probe probe) {
        return new Check(name, Area.PROBES, severity, ids, evidence, Running.START, probe);
    }

    private static Verdict login(Evidence evidence) {
        var http = Running.settings(evidence).http();
        var path = http.basePath() + "/app/devices";
        var edge = Edge.found(evidence);
        var request = edge.map(one -> new Evidence.Request(one.https(), true, one.name(), path))
                .orElseGet(() -> new Evidence.Request(http.port(), false, "localhost", path));
        var basic = "Authorization: " + OwnProbes.CREDENTIAL;
        // Without an edge this machine itself is the proxy, and may say what it likes.
        var reply = evidence.http(
                edge.isPresent() ? request.with(basic, "X-Forwarded-For: " + FORGED) : request.with(basic));
        if (reply.status() == 429 || reply.status() == 503) {
            throw new Unseen("the gateway is busy: status " + reply.status());
        }
        if (reply.status() != 401) {
            return new Verdict.Fail(
                    "a login with an example's password is answered with " + reply.status(), "whatsapp user list");
        }
        var id = reply.headers().getOrDefault("x-request-id", "");
        if (!id.matches("[0-9A-Za-z-]{8,64}")) {
            throw new Unseen("the reply has no X-Request-Id");
        }
        var line = line(evidence, id);
        if (line.isEmpty()) {
            return new Verdict.Fail("the refused login is not in the security log after 2 s", "whatsapp audit verify");
        }
        return line.contains("\"src_ip\":\"" + Evidence.PROBES + "\"")
                ? new Verdict.Pass("a login with an example's password is refused, and recorded with its true address")
                : new Verdict.Fail(
                        "the security log has a forged address for the refused login", "systemctl status nginx");
    }

    /** The line of the security log about a request; empty when none comes within two seconds. */
    private static String line(Evidence evidence, String id) {
        var log = Running.settings(evidence).storage().securityLog();
        for (int look = 0; look < LOOKS; look++) {
            var line = evidence.tail(log, TAIL)
                    .lines()
                    .filter(one -> one.contains("\"" + id + "\"") && one.contains("\"authn_login_fail"))
                    .findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            pause(LOOK_MILLIS);
        }
        return "";
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unseen("the time was too short");
        }
    }

    private static Verdict burst(Evidence evidence) {
        var http = Running.settings(evidence).http();
        if (http.rate().isOff()) {
            return new Verdict.Fail("APP_RATE_LIMIT is off", "sed -i /^APP_RATE_LIMIT=/d /etc/whatsapp/environment");
        }
        int most = http.rate().burst() + 2 * http.rate().perSecond() + 1;
        if (most > MAX_BURST) {
            throw new Unseen("APP_RATE_LIMIT allows more than a probe of " + MAX_BURST + " requests");
        }
        var request = new Evidence.Request(http.port(), false, "localhost", http.basePath() + "/app/devices")
                .from(Evidence.BURST);
        for (int sent = 1; sent <= most; sent++) {
            var reply = evidence.http(request);
            if (reply.status() == 429) {
                return recovers(evidence, request, sent, reply.headers().getOrDefault("retry-after", ""));
            }
        }
        return new Verdict.Fail("no 429 came within " + most + " requests", Running.START);
    }

    private static Verdict recovers(Evidence evidence, Evidence.Request request, int sent, String wait) {
        if (!wait.matches("[0-9]{1,6}")) {
            return new Verdict.Fail("the 429 has no Retry-After", Running.START);
        }
        var seen = "request " + sent + " of a burst is answered with 429 and Retry-After " + wait;
        long seconds = Long.parseLong(wait);
        if (seconds > MAX_WAIT_SECONDS) {
            return new Verdict.Warn(seen + ", which is too long to see its end", Running.START);
        }
        // A bucket may have room again before the whole seconds of the header are over; the last look is behind them.
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        boolean over;
        do {
            pause(LOOK_MILLIS);
            over = System.nanoTime() >= end;
            if (evidence.http(request).status() != 429) {
                return new Verdict.Pass(seen + "; within it requests are answered again");
            }
        } while (!over);
        return new Verdict.Fail(seen + ", and 429 again after it", Running.START);
    }

    private static Verdict hostile(Evidence evidence) {
        int port = Running.settings(evidence).http().port();
        var plain = new Evidence.Request(port, false, "localhost", "/app/devices");
        var post = new Evidence.Request(port, false, "localhost", "POST /send/message HTTP/1.1");
        var requests = List.of(
                new Evidence.Request(port, false, "localhost", "/" + "a".repeat(20_000)),
                plain.with("X-Long: " + "a".repeat(70_000)),
                post.with("Content-Length: 5", "Transfer-Encoding: chunked").body("0\r\n\r\n"),
                post.with("Content-Length: 1", "Content-Length: 2").body("{}"),
                new Evidence.Request(port, false, "localhost", "GET /%00%0d%0aX:1 HTTP/1.1"),
                new Evidence.Request(port, false, "localhost", "BREW /app/devices HTTP/1.1"));
        var wrong = new ArrayList<String>();
        int number = 0;
        for (var request : requests) {
            number++;
            int status = evidence.http(request).status();
            if (status < 400 || status >= 500 && status != 501 && status != 505) {
                wrong.add("hostile request " + number + " is answered with " + status);
            }
        }
        return Verdict.of(wrong, requests.size() + " hostile requests are refused", "journalctl -u whatsapp -n 50");
    }

    private static Verdict unknownName(Evidence evidence) {
        var edge = Edge.of(evidence);
        // First by its own name: an edge that refuses everybody must not look like one that refuses strangers.
        int own = edge.get(evidence, "/livez").status();
        if (own != 200) {
            throw new Unseen("the edge answers " + own + " to its own name");
        }
        int status;
        try {
            status = evidence.http(new Evidence.Request(edge.https(), true, STRANGE, "/livez"))
                    .status();
        } catch (Refused refused) {
            return new Verdict.Pass("the edge ends the handshake of an unknown name with an alert");
        }
        var seen = "the edge answers " + status + " to an unknown name";
        if (status == 429 || status >= 500) {
            throw new Unseen(seen);
        }
        return REFUSALS.contains(status) ? new Verdict.Pass(seen) : new Verdict.Fail(seen, "nginx -t");
    }
}
