package gateway.check;

import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;
import gateway.check.Evidence.OldTls;

/** Checks of the edge's TLS, by handshakes and requests on loopback. */
final class TlsChecks {
    private static final long MIN_DAYS = 14;
    private static final String RENEW = "systemctl start certbot";
    private static final String NGINX = "systemctl reload nginx";
    private static final int DNS_NAME = 2;

    /** The headers of the OWASP Secure Headers Project, with what each must hold. */
    private static final Map<String, Pattern> HEADERS = headers();

    /** Larger than the edge takes where no media is sent. */
    private static final int TOO_LARGE = 1_000_000;

    private TlsChecks() {}

    private static Map<String, Pattern> headers() {
        var headers = new LinkedHashMap<String, Pattern>();
        headers.put("strict-transport-security", Pattern.compile("max-age=[1-9][0-9]{6,}.*"));
        headers.put("x-content-type-options", Pattern.compile("nosniff"));
        headers.put("x-frame-options", Pattern.compile("(?i)deny|sameorigin"));
        headers.put("content-security-policy", Pattern.compile(".*frame-ancestors.*"));
        headers.put("referrer-policy", Pattern.compile("no-referrer|same-origin|strict-origin.*"));
        headers.put("cross-origin-opener-policy", Pattern.compile("same-origin"));
        headers.put("cross-origin-embedder-policy", Pattern.compile("require-corp"));
        headers.put("cross-origin-resource-policy", Pattern.compile("same-origin"));
        headers.put("permissions-policy", Pattern.compile(".*=\\(\\).*"));
        headers.put("cache-control", Pattern.compile(".*no-store.*"));
        headers.put("x-permitted-cross-domain-policies", Pattern.compile("none"));
        headers.put("x-dns-prefetch-control", Pattern.compile("off"));
        headers.put("clear-site-data", Pattern.compile(".+"));
        return headers;
    }

    static List<Check> all() {
        return List.of(
                check(
                        "certificate",
                        Severity.HIGH,
                        List.of("A-TLS-1", "B-NET-3"),
                        "the certificate of a handshake: name, time, authority",
                        TlsChecks::certificate),
                check(
                        "redirect-to-https",
                        Severity.MEDIUM,
                        List.of("A-TLS-2"),
                        "the reply to a plain request",
                        TlsChecks::redirect),
                check(
                        "tls-versions",
                        Severity.HIGH,
                        List.of("A-TLS-3"),
                        "handshakes with TLS 1.0, 1.1, 1.2 and 1.3",
                        TlsChecks::versions),
                check(
                        "security-headers",
                        Severity.MEDIUM,
                        List.of("A-TLS-4"),
                        "13 headers on replies with status 200, 401 and 413",
                        TlsChecks::securityHeaders),
                new Check(
                        "certificate-renewal",
                        Area.TLS,
                        Severity.MEDIUM,
                        List.of("A-TLS-5"),
                        "the timer that renews, and its last run",
                        "systemctl status nginx",
                        Half.ROOT,
                        TlsChecks::renewal));
    }

    private static Check check(String name, Severity severity, List<String> ids, String evidence, Check.Probe probe) {
        return new Check(name, Area.TLS, severity, ids, evidence, "systemctl status nginx", probe);
    }

    private static Verdict certificate(Evidence evidence) {
        var edge = Edge.of(evidence);
        var handshake = evidence.tls(edge.https(), edge.name(), "TLSv1.3");
        var own = handshake.chain().getFirst();
        var left = Duration.between(evidence.now(), own.getNotAfter().toInstant());
        if (left.isNegative()) {
            return new Verdict.Fail("the certificate of " + edge.name() + " ended " + own.getNotAfter(), RENEW);
        }
        if (evidence.now().isBefore(own.getNotBefore().toInstant())) {
            return new Verdict.Fail(
                    "the certificate of " + edge.name() + " begins " + own.getNotBefore(), "timedatectl");
        }
        if (!isFor(own, edge.name())) {
            return new Verdict.Fail("the certificate is not for " + edge.name(), RENEW);
        }
        var seen = "certificate for " + edge.name() + ", " + left.toDays() + " days left";
        if (left.toDays() < MIN_DAYS) {
            return new Verdict.Fail(seen, RENEW);
        }
        return handshake
                .trouble()
                .<Verdict>map(trouble ->
                        new Verdict.Warn(seen + "; " + trouble, "openssl s_client -connect 127.0.0.1:" + edge.https()))
                .orElseGet(() -> new Verdict.Pass(seen));
    }

    private static boolean isFor(X509Certificate certificate, String name) {
        try {
            var names = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of());
            return names.stream()
                    .filter(entry -> Integer.valueOf(DNS_NAME).equals(entry.getFirst()))
                    .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
                    .anyMatch(other -> other.equals(name.toLowerCase(Locale.ROOT))
                            || other.startsWith("*.")
                                    && name.indexOf('.') > 0
                                    && other.substring(1).equalsIgnoreCase(name.substring(name.indexOf('.'))));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Verdict redirect(Evidence evidence) {
        var edge = Edge.of(evidence);
        var reply = evidence.http(new Evidence.Request(edge.http(), false, edge.name(), "/livez"));
        var to = reply.headers().getOrDefault("location", "");
        return (reply.status() == 301 || reply.status() == 308) && isHttps(to, edge.name())
                ? new Verdict.Pass("port " + edge.http() + " answers " + reply.status() + " to https")
                : new Verdict.Fail(
                        "port " + edge.http() + " answers " + reply.status() + " without leading to https", NGINX);
    }

    private static boolean isHttps(String location, String name) {
        try {
            var to = URI.create(location);
            return "https".equalsIgnoreCase(to.getScheme()) && name.equalsIgnoreCase(to.getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Verdict versions(Evidence evidence) {
        var edge = Edge.of(evidence);
        var wrong = new ArrayList<String>();
        for (var old : OldTls.values()) {
            if (evidence.acceptsOldTls(edge.https(), edge.name(), old)) {
                wrong.add(old + " is accepted");
            }
        }
        for (var version : List.of("TLSv1.2", "TLSv1.3")) {
            var got = evidence.tls(edge.https(), edge.name(), version).version();
            if (!got.equals(version)) {
                wrong.add("instead of " + version + " the edge speaks " + got);
            }
        }
        return Verdict.of(wrong, "TLS 1.0 and 1.1 are refused, 1.2 and 1.3 are spoken", NGINX);
    }

    private static Verdict securityHeaders(Evidence evidence) {
        var edge = Edge.of(evidence);
        var wrong = new ArrayList<String>();
        var post = new Evidence.Request(edge.https(), true, edge.name(), "POST /send/message HTTP/1.1");
        var requests = Map.of(
                200, new Evidence.Request(edge.https(), true, edge.name(), "/livez"),
                401, new Evidence.Request(edge.https(), true, edge.name(), "/app/devices"),
                413, post.with("Content-Length: " + TOO_LARGE));
        for (var status : new TreeSet<>(requests.keySet())) {
            var reply = evidence.http(Objects.requireNonNull(requests.get(status)));
            if (reply.status() != status) {
                throw new Unseen("the edge answers " + reply.status() + " instead of " + status);
            }
            HEADERS.forEach((header, form) -> {
                var value = reply.headers().get(header);
                if (value == null) {
                    wrong.add(header + " is missing on status " + reply.status());
                } else if (!form.matcher(value).matches()) {
                    wrong.add(header + " is weak on status " + reply.status());
                }
            });
        }
        return Verdict.of(wrong, HEADERS.size() + " headers stand on replies with status 200, 401 and 413", NGINX);
    }

    private static Verdict renewal(Evidence evidence) {
        var edge = Edge.of(evidence);
        if (edge.caddy()) {
            var caddy = Units.loaded(evidence, "caddy.service", "ActiveState");
            return "active".equals(caddy.get("ActiveState"))
                    ? new Verdict.Pass("Caddy runs, and renews by itself")
                    : new Verdict.Fail("Caddy does not run", "systemctl start caddy");
        }
        for (var job : List.of("whatsapp-certificate", "certbot")) {
            var timer = Units.show(evidence, job + ".timer", "ActiveState");
            if ("loaded".equals(timer.get("LoadState"))) {
                return Units.timed(evidence, job, timer);
            }
        }
        return new Verdict.Fail("no timer renews the certificate", "apt-get install certbot");
    }
}
