package gateway.engine;

import java.util.Optional;

import gateway.store.Store;
import gateway.store.Tx;

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

    /**
     * The other address of a person, LID or number, as the account's stored state has it.
     *
     * @param tx the transaction that stores what happened; a pair that is learnt with it counts
     * @return empty when the engine does not know it, or knows persons by one address only
     */
    default Optional<Jid> otherAddress(String device, Tx tx, Jid person) {
        return Optional.empty();
    }

    /**
     * Whether the person is an administrator of the group, as the account's stored state has it. For an engine that
     * keeps no members nobody is one: its administrators revoke their own messages only.
     *
     * @param tx as for {@link #otherAddress}
     */
    default boolean isAdmin(String device, Tx tx, Jid group, Jid person) {
        return false;
    }

    /**
     * Why an account cannot leave by a proxy that a client of the API names, in words that follow the field's name.
     *
     * @return empty when it can
     */
    default Optional<String> refusal(OutboundProxy proxy) {
        return Optional.of("is for accounts of the engine web; the engine here is " + name());
    }

    /** Whether strangers are real persons, who can complain of an account that writes to them first. */
    default boolean knowsStrangers() {
        return false;
    }

    /** Where WhatsApp calls this engine; empty for one that has connections of its own. */
    default Optional<Inlet> inlet() {
        return Optional.empty();
    }

    /** Closes what the sessions share. Sessions are closed before. */
    @Override
    void close();
}
