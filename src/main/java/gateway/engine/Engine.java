package gateway.engine;

import java.util.Optional;

import gateway.store.Store;

/** A way to WhatsApp: the sandbox, Meta's Cloud API, the multi-device web protocol. */
public interface Engine extends AutoCloseable {

    /** The name users choose it by, such as {@code sandbox}. */
    String name();

    /**
     * Opens the account's connection and restores what it was: a paired account connects by itself.
     *
     * @param device the account, already stored
     * @param state where the session keeps what it must remember. Once another node serves the account, every write to
     *              it fails with {@link gateway.store.LeaseLost}
     * @param events where the session reports; it may do so from any thread, one event at a time
     */
    Session open(String device, Store state, Events events);

    /**
     * Removes all that the engine keeps of the account, its keys and its pairing, when another engine takes over. The
     * account's session is closed before; chats and messages are not the engine's and stay.
     *
     * @param state as for {@link #open}
     */
    void forget(String device, Store state);

    /**
     * The account's own address as its stored state has it, read without a connection: a held account accepts messages
     * by it.
     *
     * @return empty when the account is not paired
     */
    Optional<Jid> account(String device, Store state);

    /** Where WhatsApp calls this engine; empty for one that has connections of its own. */
    default Optional<Inlet> inlet() {
        return Optional.empty();
    }

    /** Closes what the sessions share. Sessions are closed before. */
    @Override
    void close();
}
