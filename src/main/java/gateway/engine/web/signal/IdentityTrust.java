package gateway.engine.web.signal;

import java.util.Optional;

/** What a device's identity key means beside the one that is stored for the device: trust on first use, as data. */
public sealed interface IdentityTrust {
    /** No identity was stored: it is to be stored now. */
    record FirstUse(CurvePublic identity) implements IdentityTrust {}

    /** The identity is the stored one. */
    record Same(CurvePublic identity) implements IdentityTrust {}

    /**
     * The identity is another one: it replaces the stored one, the sessions and sender keys of the device are
     * dropped, and the account's owner is told. Messages are not held back.
     */
    record Changed(CurvePublic before, CurvePublic identity) implements IdentityTrust {}

    /** Compares a proved identity with the stored one. */
    static IdentityTrust of(Optional<CurvePublic> stored, CurvePublic proved) {
        if (stored.isEmpty()) {
            return new FirstUse(proved);
        }
        return stored.get().equals(proved) ? new Same(proved) : new Changed(stored.get(), proved);
    }
}
