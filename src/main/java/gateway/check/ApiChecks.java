package gateway.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of what the REST listener says to somebody without a credential. */
final class ApiChecks {
    private static final int UNAUTHORIZED = 401;
    /** One of each group of routes, and one that no route has: the gate asks before any route is looked for. */
    private static final List<String> ASKED = List.of(
            "/app/devices", "/user/info", "/chats", "/group/info", "/webhooks", "/no-such-route-of-whatsapp-check");
    /** Traces, classes, SQL and paths of the machine. */
    private static final Pattern TELLING = Pattern.compile(
            "Exception|\\bat [a-z]+\\.[a-z.]+[(]|\\b(?:gateway|java|io\\.helidon)\\.[a-z]+\\.[A-Z]|\\bSELECT\\b|SQLITE|"
                    + "/(?:opt|etc|home|var|root|usr)/");

    private ApiChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "api-asks-for-credential",
                        Area.API,
                        Severity.HIGH,
                        List.of("B-APP-1"),
                        "replies to a request without a credential on a route of each group and on an unknown one",
                        Running.START,
                        ApiChecks::asks),
                new Check(
                        "errors-tell-nothing",
                        Area.API,
                        Severity.MEDIUM,
                        List.of("B-APP-3"),
                        "replies to a broken request and to a refused one",
                        Running.START,
                        ApiChecks::errors),
                new Check(
                        "rate-limit",
                        Area.API,
                        Severity.MEDIUM,
                        List.of("B-NET-4"),
                        "settings APP_RATE_LIMIT and APP_SEND_RATE_LIMIT",
                        Running.SETTINGS_REMEDY,
                        ApiChecks::rate));
    }

    private static Verdict asks(Evidence evidence) {
        var base = Running.settings(evidence).http().basePath();
        var wrong = new ArrayList<String>();
        for (var path : ASKED) {
            var status = Running.get(evidence, base + path).status();
            if (status == 429 || status == 503) {
                throw new Unseen("the gateway is busy: status " + status + " on " + path);
            }
            if (status != UNAUTHORIZED) {
                wrong.add(path + " answers " + status + " to somebody without a credential");
            }
        }
        return Verdict.of(
                wrong, ASKED.size() + " paths answer 401 to somebody without a credential", "whatsapp user add admin");
    }

    private static Verdict errors(Evidence evidence) {
        var base = Running.settings(evidence).http().basePath();
        var wrong = new ArrayList<String>();
        for (var line : List.of("GET " + base + "/%zz HTTP/1.1", base + "/chats?limit=%27--", "GET / HTTP/9.9")) {
            var reply = Running.get(evidence, line);
            var found = TELLING.matcher(reply.body());
            if (found.find()) {
                wrong.add("the reply with status " + reply.status() + " says \"" + found.group() + "\"");
            }
            if (reply.status() >= 500 && reply.status() != 505) {
                wrong.add("a broken request gets status " + reply.status());
            }
            if (reply.headers().containsKey("server") || reply.headers().containsKey("x-powered-by")) {
                wrong.add("a reply names the server's program");
            }
        }
        return Verdict.of(
                List.copyOf(new java.util.LinkedHashSet<>(wrong)),
                "3 refusals hold no trace, no SQL and no path",
                "journalctl -u whatsapp -n 50");
    }

    private static Verdict rate(Evidence evidence) {
        var http = Running.settings(evidence).http();
        if (http.rate().isOff()) {
            return new Verdict.Fail("APP_RATE_LIMIT is off", "sed -i /^APP_RATE_LIMIT=/d /etc/whatsapp/environment");
        }
        var seen =
                "APP_RATE_LIMIT " + http.rate().perSecond() + "/" + http.rate().burst();
        return http.sendRate().isOff()
                ? new Verdict.Warn(
                        seen + ", APP_SEND_RATE_LIMIT is off",
                        "sed -i /^APP_SEND_RATE_LIMIT=/d /etc/whatsapp/environment")
                : new Verdict.Pass(seen + ", APP_SEND_RATE_LIMIT "
                        + http.sendRate().perSecond() + "/" + http.sendRate().burst());
    }
}
