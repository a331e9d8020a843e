package gateway.messaging;

/**
 * Watches messages on their way out, for live displays: told at once and once, as far as this process lives. Whoever
 * needs more reads the outbox.
 */
@FunctionalInterface
public interface Progress {

    /** How far a message came. {@code FAILED} is for good. */
    enum Stage {
        ACCEPTED,
        SENT,
        FAILED
    }

    /**
     * Called on a thread that others wait for, such as the one that writes to the database, so it must return at once.
     */
    void moved(String device, String messageId, Stage stage);

    /** Nobody watches. */
    Progress NONE = (device, messageId, stage) -> {};
}
