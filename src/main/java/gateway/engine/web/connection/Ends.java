package gateway.engine.web.connection;

import java.time.Duration;

import gateway.engine.web.node.Node;

/** The reading of the two stanzas by which a server ends a connection. */
final class Ends {
    private static final int RESTART = 515;
    private static final int UNLINKED = 401;
    private static final int BAN = 402;
    private static final int MAIN_DEVICE_GONE = 403;
    private static final int OUTDATED = 405;
    private static final int BANNED = 406;
    private static final Duration MAX_BAN = Duration.ofDays(3_650);

    private Ends() {}

    static End ofStreamError(Node error) {
        int code = number(error, "code");
        String conflict = error.child("conflict")
                .flatMap(child -> child.attribute("type"))
                .orElse("");
        if (conflict.equals("replaced")) {
            return new End.Replaced();
        }
        if (code == RESTART) {
            return new End.Restart();
        }
        if (code == UNLINKED && conflict.equals("device_removed")) {
            return new End.LoggedOut(code, "", "");
        }
        return error.child("xml-not-well-formed").isPresent() ? new End.IllFormed() : new End.ServerTrouble(code);
    }

    static End ofFailure(Node failure) {
        int reason = number(failure, "reason");
        return switch (reason) {
            case UNLINKED, MAIN_DEVICE_GONE, BANNED ->
                new End.LoggedOut(
                        reason,
                        failure.attribute("logout_message_header").orElse(""),
                        failure.attribute("logout_message_subtext").orElse(""));
            case BAN -> new End.TemporaryBan(number(failure, "code"), length(number(failure, "expire")));
            case OUTDATED -> new End.Outdated();
            case 400, 409, 411, 413, 414, 415, 418, 501 -> new End.Refused(reason);
            default -> new End.ServerTrouble(reason);
        };
    }

    private static Duration length(int seconds) {
        Duration length = Duration.ofSeconds(seconds);
        return length.compareTo(MAX_BAN) > 0 ? MAX_BAN : length;
    }

    /** The attribute's number; 0 for one that is absent, negative or not a number. */
    private static int number(Node node, String name) {
        try {
            return node.attribute(name)
                    .map(Integer::parseUnsignedInt)
                    .map(value -> Math.max(value, 0))
                    .orElse(0);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
