package gateway.engine;

import java.util.Objects;

/** WhatsApp, or the engine, will not do what was asked. The message is one sentence without message text or secrets. */
public class EngineRefusal extends RuntimeException {

    /** Why, as far as a caller acts on it. */
    public enum Reason {
        /** No account is paired. */
        NOT_LOGGED_IN,
        /** Paired, but the line is down; it comes back by itself. */
        NOT_CONNECTED,
        ALREADY_PAIRED,
        /** The recipient has no WhatsApp, or is not what was asked for. */
        NO_SUCH_RECIPIENT,
        /** WhatsApp will not take this message, now or later. */
        REJECTED,
        /** WhatsApp asks to slow down, or failed in passing; worth trying again. */
        TRY_LATER,
        /** This engine cannot do it. */
        UNSUPPORTED
    }

    private final Reason reason;

    public EngineRefusal(Reason reason, String message) {
        super(message);
        this.reason = reason;
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

    /** Whether the same message may be taken later. */
    public boolean passing() {
        return switch (reason) {
            case NOT_LOGGED_IN, NOT_CONNECTED, TRY_LATER -> true;
            case ALREADY_PAIRED, NO_SUCH_RECIPIENT, REJECTED, UNSUPPORTED -> false;
        };
    }
}
