package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.List;

/**
 * A changed client on a phone: it speaks of any message's id, whoever wrote that message, and claims that it is its
 * own. The server carries what it says, because the server reads no message.
 */
final class Forger {
    /** Fields and types of dossier web-2 §4. */
    private static final int PROTOCOL = 12;

    private static final int EDITED = 14;
    private static final long REVOKE = 0;
    private static final long EDIT = 14;

    private final Network network;

    Forger(Network network) {
        this.network = network;
    }

    /** Sends an {@code edit}, a {@code revoke}, a {@code text} under a chosen id, or a {@code read} receipt; its id. */
    String forge(Phone from, String to, String what, String id, String text) throws GeneralSecurityException {
        return switch (what) {
            case "edit" -> change(from, to, id, new Fields().put(2, EDIT).put(EDITED, new Fields().put(1, text)));
            case "revoke" -> change(from, to, id, new Fields().put(2, REVOKE));
            case "text" -> network.carrier.send(from, to, id, "text", new Fields().put(1, text));
            case "read" -> read(from, to, id);
            default -> throw new IllegalArgumentException("what: edit, revoke, text or read");
        };
    }

    private String change(Phone from, String to, String target, Fields said) throws GeneralSecurityException {
        var key = new Fields().put(1, network.phone(to).address()).put(2, 1).put(3, target);
        return network.carrier.send(from, to, Phone.messageId(), "text", new Fields().put(PROTOCOL, said.put(1, key)));
    }

    private String read(Phone from, String to, String id) {
        for (var companion : List.copyOf(network.phone(to).companions.values())) {
            companion.deliver(Stanza.of("receipt", "from", from.lid(), "id", id, "type", "read", "t", Network.now()));
        }
        return id;
    }
}
