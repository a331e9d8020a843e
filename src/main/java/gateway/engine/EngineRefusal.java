package gateway.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** WhatsApp, or the engine, will not do what was asked. The message is one sentence without message text or secrets. */
public class EngineRefusal extends RuntimeException {

    /** Why, as far as a caller acts on it. */
    public enum Reason {
        /** No account is paired. */
        NOT_LOGGED_IN,
        /** Paired, but the connection is down; it comes back by itself. */
        NOT_CONNECTED,
        ALREADY_PAIRED,
        /** The recipient has no WhatsApp, or is not what was asked for. */
        NO_SUCH_RECIPIENT,
        /** WhatsApp will not take this message, now or later. */
        REJECTED,
        /**
         * WhatsApp limits what this account may do, such as write to people it does not know. The message is not at
         * fault, and it is not tried again: a restriction can last days.
         */
        RESTRICTED,
        /** WhatsApp takes free words only for a time after the recipient wrote; that time is over. */
        WINDOW_CLOSED,
        /** WhatsApp asks to slow down, or failed in passing; worth trying again. */
        TRY_LATER,
        /** This engine cannot do it. */
        UNSUPPORTED
    }

    private final Reason reason;
    private final transient Optional<Duration> retryAfter;

    public EngineRefusal(Reason reason, String message) {
        this(reason, message, Optional.empty());
    }

    /** @param retryAfter how long WhatsApp wants to be left alone with this, when it says so; not negative */
    public EngineRefusal(Reason reason, String message, Optional<Duration> retryAfter) {
        super(message);
        if (retryAfter.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("a time to wait is not negative");
        }
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** @param what in the plural, such as {@code groups} */
    public static EngineRefusal unsupported(String what) {
        return new EngineRefusal(Reason.UNSUPPORTED, "this engine has no " + what);
    }

    public Reason reason() {
        return reason;
    }

    /** How long WhatsApp wants to be left alone with this; empty when it did not say. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Whether the same message may be taken later. */
    public boolean passing() {
        return switch (reason) {
            case NOT_LOGGED_IN, NOT_CONNECTED, TRY_LATER -> true;
            case ALREADY_PAIRED, NO_SUCH_RECIPIENT, REJECTED, RESTRICTED, WINDOW_CLOSED, UNSUPPORTED -> false;
        };
    }
}
