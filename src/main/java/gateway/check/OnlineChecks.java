package gateway.check;

import java.util.List;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks that leave this machine. They run with {@code --online} alone, and reach nobody but the edge's own name. */
final class OnlineChecks {
    private OnlineChecks() {}

    static List<Check> all() {
        return List.of(new Check(
                "certificate-from-outside",
                Area.TLS,
                Severity.HIGH,
                List.of("A-TLS-1", "B-NET-3"),
                "a handshake with the address that the name of the edge leads to, and the certificate on loopback",
                "systemctl status nginx",
                OnlineChecks::certificate));
    }

    private static Verdict certificate(Evidence evidence) {
        var edge = Edge.of(evidence);
        var here = evidence.tls(edge.https(), edge.name(), "TLSv1.3").chain().getFirst();
        var there = evidence.outside(edge.https(), edge.name());
        if (!there.chain().getFirst().equals(here)) {
            return new Verdict.Fail(
                    edge.name() + " shows the world another certificate than this machine does",
                    "getent hosts " + edge.name());
        }
        var seen = edge.name() + " shows the world the certificate of this machine";
        return there.trouble()
                .<Verdict>map(trouble -> new Verdict.Fail(seen + "; " + trouble, "systemctl start certbot"))
                .orElseGet(() -> new Verdict.Pass(seen));
    }
}
