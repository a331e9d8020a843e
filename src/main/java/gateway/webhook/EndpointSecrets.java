package gateway.webhook;

import java.util.List;

/**
 * What an endpoint's deliveries are signed with: one secret, and during a rotation the one before it.
 *
 * @param previous empty when there is none
 * @param previousUntil epoch milliseconds when the overlap ends
 */
public record EndpointSecrets(String current, String previous, long previousUntil) {

    /** Stands for secrets that do not open with their key. Nothing is signed with it. */
    static final EndpointSecrets UNREADABLE = new EndpointSecrets("\0", "", 0);

    public EndpointSecrets {
        if (current.isEmpty()) {
            throw new IllegalArgumentException("A webhook secret must not be empty.");
        }
    }

    /** No rotation under way. */
    public static EndpointSecrets of(String secret) {
        return new EndpointSecrets(secret, "", 0);
    }

    boolean readable() {
        return !current.equals(UNREADABLE.current);
    }

    /** These secrets after a rotation: what was current stays valid until {@code until}. */
    public EndpointSecrets rotated(String next, long until) {
        return new EndpointSecrets(next, current, until);
    }

    /** Those that count at the moment, the current one first. */
    List<String> valid(long now) {
        return previous.isEmpty() || now >= previousUntil ? List.of(current) : List.of(current, previous);
    }

    /** Says nothing, because records are printed by accident. */
    @Override
    public String toString() {
        return "Secrets[…]";
    }
}
