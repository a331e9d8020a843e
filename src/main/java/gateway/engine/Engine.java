package gateway.engine;

/** A way to WhatsApp: the sandbox, Meta's Cloud API, the multi-device web protocol. */
public interface Engine extends AutoCloseable {

    /** The name users choose it by, such as {@code sandbox}. */
    String name();

    /**
     * Opens the account's line and restores what it was: a paired account connects by itself.
     *
     * @param device the account, already stored
     * @param events where the session reports; it may do so from any thread, one event at a time
     */
    Session open(String device, Events events);

    /** Closes what the sessions share. Sessions are closed before. */
    @Override
    void close();
}
