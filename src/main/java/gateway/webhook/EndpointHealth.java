package gateway.webhook;

import java.time.InstantSource;
import java.util.Optional;

/** One endpoint's health as this process knows it, which is written to the database only when it turns. */
final class EndpointHealth {
    private final HealthTable table;
    private final InstantSource clock;
    private volatile Health health;

    EndpointHealth(HealthTable table, Health health, InstantSource clock) {
        this.table = table;
        this.health = health;
        this.clock = clock;
    }

    /** Takes over what another process has noted. */
    void update(Health changed) {
        health = changed;
    }

    /** The fingerprint of the secret that the receiver last proved to know during a rotation, or empty. */
    String acceptedSecret() {
        return health.acceptedSecret();
    }

    /** During a rotation: remembers which secret the receiver knows, so that the next post begins with it. */
    void learn(Endpoint to, String secret) {
        if (to.secrets().valid(clock.millis()).size() > 1) {
            var fingerprint = Signer.fingerprint(secret);
            if (!fingerprint.equals(health.acceptedSecret())) {
                health = new Health(health.failingSince(), health.disabledAt(), health.disabledWhy(), fingerprint);
                table.accepted(to.id(), fingerprint);
            }
        }
    }

    /**
     * Notes how a post ended.
     *
     * @param begun when the post was begun, epoch milliseconds
     * @return why the endpoint was disabled by this; empty when it was not
     * @throws gateway.store.StoreUnavailable when the endpoint would have to be disabled and could not be
     */
    Optional<String> note(Endpoint to, boolean accepted, int status, long begun) {
        var before = health;
        if (accepted) {
            if (before.failingSince() > 0) {
                health = new Health(0, 0, "", before.acceptedSecret());
                table.succeeding(to.id());
            }
        } else if (status == 410) {
            var why = "the receiver answered 410 Gone";
            table.disable(to.id(), clock.millis(), why);
            return Optional.of(why);
        } else if (before.failingSince() == 0) {
            health = new Health(begun, 0, "", before.acceptedSecret());
            table.failing(to.id(), begun);
        } else if (begun - before.failingSince() >= HealthTable.PATIENCE_MILLIS) {
            var why = "no delivery succeeded for 120 hours";
            return table.disableIfHopeless(to.id(), begun, why) ? Optional.of(why) : Optional.empty();
        }
        return Optional.empty();
    }
}
