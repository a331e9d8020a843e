package gateway.engine.web.media;

import java.util.List;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The hosts from which files are fetched, in the order in which they are tried (dossier web-2 §5.2).
 *
 * @param names         host names
 * @param validSeconds  how long the answer may be used
 */
public record MediaHosts(List<String> names, long validSeconds) {
    /** How many hosts are tried. */
    private static final int MAX_HOSTS = 8;

    public MediaHosts {
        names = List.copyOf(names);
    }

    /** Asks for the hosts. */
    public static Node question() {
        return Node.of("iq")
                .with("type", "set")
                .with("xmlns", "w:m")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("media_conn"));
    }

    /** @throws WireRefusal ({@code MALFORMED}) for an answer without hosts */
    public static MediaHosts of(Node result) throws WireRefusal {
        Node connection = result.requiredChild("media_conn");
        List<String> names = connection.children("host").stream()
                .flatMap(host -> host.attribute("hostname").stream())
                .limit(MAX_HOSTS)
                .toList();
        if (names.isEmpty()) {
            throw new WireRefusal(Reason.MALFORMED, "the answer names no media host");
        }
        return new MediaHosts(names, connection.number("ttl").orElse(0L));
    }
}
