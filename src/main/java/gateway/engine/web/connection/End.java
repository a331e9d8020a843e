package gateway.engine.web.connection;

import java.time.Duration;
import java.util.Optional;

import gateway.engine.web.node.Node;

/** Why a connection has ended, or could not be opened (web-1 §1.5, web-4 §4). */
public sealed interface End {
    /** What is to be done next. */
    Reaction reaction();

    /** One sentence for logs and events; it holds no secret. */
    String text();

    /** One word for events, replies and metrics. */
    default String word() {
        return switch (this) {
            case Restart end -> "restart";
            case LoggedOut end -> "unlinked";
            case Replaced end -> "replaced";
            case TemporaryBan end -> "banned";
            case Outdated end -> "outdated";
            case Refused end -> "refused";
            case ServerTrouble end -> "server_error";
            case IllFormed end -> "ill_formed";
            case Untrusted end -> "untrusted";
            case Lost end -> "lost";
            case Closed end -> "closed";
        };
    }

    /** What the owner of a connection does after its end. */
    enum Reaction {
        /** Connect again at once; it is not counted as an error. */
        RECONNECT_NOW,
        /** Connect again after a delay that grows. */
        BACK_OFF,
        /** Keep the credentials, and wait for a person or for the time that is named. */
        STOP,
        /** The device is no longer linked: forget its credentials. */
        WIPE
    }

    /** The end that a stanza announces, if it announces one. */
    static Optional<End> of(Node stanza) {
        return switch (stanza.tag()) {
            case "stream:error" -> Optional.of(Ends.ofStreamError(stanza));
            case "failure" -> Optional.of(Ends.ofFailure(stanza));
            case "xmlstreamend" -> Optional.of(new Lost("the server has ended the stream"));
            default -> Optional.empty();
        };
    }

    /** The server asks for a new connection with the same credentials, as it does right after pairing. */
    record Restart() implements End {
        @Override
        public Reaction reaction() {
            return Reaction.RECONNECT_NOW;
        }

        @Override
        public String text() {
            return "the server asks for a new connection";
        }
    }

    /**
     * The phone, or WhatsApp, has unlinked this device.
     *
     * @param code    401, 403 or 406
     * @param header  what the server wants to be shown; may be empty
     * @param subtext the same in more detail; may be empty
     */
    record LoggedOut(int code, String header, String subtext) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.WIPE;
        }

        @Override
        public String text() {
            return "the device is no longer linked (" + code + ")" + (header.isEmpty() ? "" : ": " + header)
                    + (subtext.isEmpty() ? "" : ": " + subtext);
        }
    }

    /** Somebody else has connected with the same keys; two who reconnect would fight. */
    record Replaced() implements End {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }

        @Override
        public String text() {
            return "another process has connected with the same credentials";
        }
    }

    /**
     * The account may not connect for a time.
     *
     * @param code   101 too many people, 102 blocked by users, 103 too many groups, 104 the same message, 106
     *     broadcast list
     * @param length how long from now; zero when the server does not say
     */
    record TemporaryBan(int code, Duration length) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }

        @Override
        public String text() {
            return "the account is banned for " + length.toSeconds() + " s (" + code + ")";
        }
    }

    /** The client's version is too old; the credentials remain valid. */
    record Outdated() implements End {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }

        @Override
        public String text() {
            return "the client's version is too old (405)";
        }
    }

    /** The server does not accept what this client says of itself. */
    record Refused(int reason) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }

        @Override
        public String text() {
            return "the server refuses this client (" + reason + ")";
        }
    }

    /** The server has a trouble of its own, or one that is not known. */
    record ServerTrouble(int code) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.BACK_OFF;
        }

        @Override
        public String text() {
            return "the server is in trouble (" + code + ")";
        }
    }

    /** The server could not read what this client has sent: a fault of this program. */
    record IllFormed() implements End {
        @Override
        public Reaction reaction() {
            return Reaction.BACK_OFF;
        }

        @Override
        public String text() {
            return "the server calls a stanza of ours not well formed";
        }
    }

    /** The server has not proved that it is WhatsApp's; nothing of the account was sent to it. */
    record Untrusted(String why) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.BACK_OFF;
        }

        @Override
        public String text() {
            return "the server is not trusted: " + why;
        }
    }

    /** The network, silence, or bytes that are not the protocol's. */
    record Lost(String why) implements End {
        @Override
        public Reaction reaction() {
            return Reaction.BACK_OFF;
        }

        @Override
        public String text() {
            return "the connection is lost: " + why;
        }
    }

    /** This side has closed. */
    record Closed() implements End {
        @Override
        public Reaction reaction() {
            return Reaction.STOP;
        }

        @Override
        public String text() {
            return "the connection was closed by this side";
        }
    }
}
