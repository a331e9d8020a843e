package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;
import gateway.config.Cidr;

/** Checks of who can reach what over the network. */
final class NetworkChecks {
    private static final Path SSHD = Path.of("/etc/ssh/sshd_config");
    private static final Path SSHD_PARTS = Path.of("/etc/ssh/sshd_config.d");
    private static final int SSH_DEFAULT = 22;
    private static final Pattern SSH_PORT = Pattern.compile("(?mi)^\\s*Port\\s+([0-9]{1,5})\\s*$");

    private NetworkChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "listening-sockets",
                        Area.NETWORK,
                        Severity.HIGH,
                        List.of("A-NET-2", "B-NET-1"),
                        "the kernel's tables of TCP sockets, and the ports of sshd and of the edge",
                        "ss -ltn",
                        Half.ROOT,
                        NetworkChecks::sockets),
                new Check(
                        "gateway-on-loopback",
                        Area.NETWORK,
                        Severity.HIGH,
                        List.of("A-NET-3", "B-ENV-2", "B-NET-2"),
                        "setting APP_HOST, and the addresses on which its port listens",
                        "ss -ltn",
                        NetworkChecks::gateway),
                new Check(
                        "reverse-proxy",
                        Area.NETWORK,
                        Severity.HIGH,
                        List.of("A-NET-4"),
                        "the gateway's own reply through the edge, and setting APP_TRUSTED_PROXY",
                        "systemctl status nginx",
                        NetworkChecks::proxy));
    }

    private static Verdict sockets(Evidence evidence) {
        var allowed = new TreeSet<>(sshPorts(evidence));
        Edge.found(evidence).ifPresent(edge -> allowed.addAll(Set.of(edge.http(), edge.https())));
        var wrong = new TreeSet<String>();
        var all = Sockets.listening(evidence);
        for (var socket : all) {
            if (!socket.isLoopback() && !allowed.contains(socket.port())) {
                wrong.add(socket + " listens to the network");
            }
        }
        return Verdict.of(
                List.copyOf(wrong),
                all.size() + " sockets listen; beyond loopback only ports of " + allowed,
                "ss -ltnp");
    }

    /** The ports that sshd's files name; its default when they name none; no port without sshd's files. */
    private static Set<Integer> sshPorts(Evidence evidence) {
        var texts = new ArrayList<String>();
        evidence.text(SSHD).ifPresent(texts::add);
        for (var part : evidence.list(SSHD_PARTS)) {
            if (part.toString().endsWith(".conf")) {
                evidence.text(part).ifPresent(texts::add);
            }
        }
        var ports = new TreeSet<Integer>();
        for (var text : texts) {
            SSH_PORT.matcher(text).results().forEach(port -> ports.add(Integer.valueOf(port.group(1))));
        }
        if (ports.isEmpty() && !texts.isEmpty()) {
            ports.add(SSH_DEFAULT);
        }
        return ports;
    }

    private static Verdict gateway(Evidence evidence) {
        var http = Running.settings(evidence).http();
        if (!http.host().isLoopbackAddress()) {
            return new Verdict.Fail(
                    "APP_HOST is " + http.host().getHostAddress(), "sed -i /^APP_HOST=/d /etc/whatsapp/environment");
        }
        var own = Sockets.listening(evidence).stream()
                .filter(socket -> socket.port() == http.port())
                .toList();
        if (own.isEmpty()) {
            throw new Unseen("nothing listens on port " + http.port() + " here");
        }
        var open = own.stream()
                .filter(socket -> !socket.isLoopback())
                .map(socket -> socket + " listens to the network")
                .toList();
        return Verdict.of(open, "port " + http.port() + " listens on loopback alone", "systemctl restart whatsapp");
    }

    private static Verdict proxy(Evidence evidence) {
        var edge = Edge.of(evidence);
        var strangers = Running.settings(evidence).http().trustedProxies().stream()
                .map(Cidr::toString)
                .filter(range -> !range.startsWith("127.") && !range.startsWith("0:0:0:0:0:0:0:1/"))
                .toList();
        if (!strangers.isEmpty()) {
            return new Verdict.Fail(
                    "APP_TRUSTED_PROXY believes " + strangers,
                    "sed -i s/^APP_TRUSTED_PROXY=.*/APP_TRUSTED_PROXY=true/" + " /etc/whatsapp/environment");
        }
        var reply = edge.get(evidence, "/livez");
        return reply.status() == 200
                ? new Verdict.Pass("the gateway answers through " + edge.name() + " on port " + edge.https())
                : new Verdict.Fail(
                        "through " + edge.name() + " the gateway's /livez answers " + reply.status(),
                        "systemctl status nginx whatsapp");
    }
}
