package gateway.auth;

import java.time.Instant;

/** Where the accounts come from. */
@FunctionalInterface
public interface CredentialSource {
    /** The accounts as they are now; called for every request, so it costs next to nothing while nothing changed. */
    Credentials current();

    /** The accounts as they were last known, without asking whether they changed since. */
    default Credentials latest() {
        return current();
    }

    /**
     * A credential was used; told at most once a minute for each.
     *
     * @param retiring it has an end: its client should have moved to another by then
     */
    default void used(Principal principal, Instant when, boolean retiring) {}
}
