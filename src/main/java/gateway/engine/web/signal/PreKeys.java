package gateway.engine.web.signal;

import java.util.Optional;

/** The view of our own pre-keys that a decryption reads. It removes none: the result says which one is used up. */
public interface PreKeys {
    /** The one-time pre-key of the id; empty when it was used before or never was ours. */
    Optional<CurvePair> oneTime(int id);

    /** The signed pre-key of the id; empty when it was given up or never was ours. */
    Optional<CurvePair> signed(int id);
}
