package gateway.engine.web.primitive;

import java.util.Objects;

/**
 * The refusal of bytes that came from outside. A refusal carries no state and no secret: whoever catches one keeps the
 * state that was there before.
 */
public final class WireRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What was wrong, in words that name the part of the input. */
    public WireRefusal(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Why the input was refused. */
    public Reason reason() {
        return reason;
    }

    /** The classes of refusal; the retry receipt, the acknowledgement and the metrics go by these. */
    public enum Reason {
        /** Bytes that are not the form that was expected. */
        MALFORMED,
        /** More bytes, entries or steps than a named limit allows. */
        OVERSIZED,
        /** A version of the message form other than ours. */
        BAD_VERSION,
        /** A public key of small order or of a wrong type. */
        BAD_KEY,
        /** A signature that does not verify. */
        BAD_SIGNATURE,
        /** A message authentication code or an authentication tag that does not match. */
        BAD_MAC,
        /** A hash that does not match its content. */
        BAD_HASH,
        /** A message whose key was used before, or was dropped as too old. */
        DUPLICATE,
        /** A counter further ahead than a chain may jump. */
        TOO_FAR,
        /** No session, or no state of one, that could decrypt. */
        NO_SESSION,
        /** A one-time pre-key that is not ours, or was used before. */
        UNKNOWN_PRE_KEY,
        /** A signed pre-key that is not ours, or was given up. */
        UNKNOWN_SIGNED_PRE_KEY,
        /** A sender key or an app-state key that is not known (yet). */
        UNKNOWN_KEY,
        /** A version that does not follow the stored one. */
        GAP
    }
}
