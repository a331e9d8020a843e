package gateway.messaging;

/**
 * Watches messages on their way out, for live displays: told at once and once, as far as this process lives. Whoever needs
 * more reads the outbox.
 */
@FunctionalInterface
public interface Progress {

    /** How far a message came. {@code FAILED} is for good. */
    enum Stage { ACCEPTED, SENT, FAILED }

    /** Called on the sender's own thread, so it must return at once. */
    void moved(String device, String messageId, Stage stage);

    /** Nobody watches. */
    Progress NONE = (device, messageId, stage) -> { };
}
