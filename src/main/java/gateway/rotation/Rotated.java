package gateway.rotation;

import java.time.Instant;
import java.util.Optional;

import gateway.config.Secret;

/**
 * What came of one rotation.
 *
 * @param what     the secret's name: {@code basic-auth}
 * @param where    where the new one is kept
 * @param shown    the new one as its user needs it; empty when only the gateway itself uses it
 * @param oldUntil until when the old one is good; empty = it is not
 * @param note     what the operator has to know besides; may be empty
 */
public record Rotated(String what, String where, Optional<Secret> shown, Optional<Instant> oldUntil, String note) {}
