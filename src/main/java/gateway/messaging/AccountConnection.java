package gateway.messaging;

import java.util.Optional;
import java.util.function.BooleanSupplier;

import gateway.engine.Engine;
import gateway.engine.EngineRefusal;
import gateway.engine.Session;
import gateway.store.Store;

/** One account's connection on this node: its session, and who hands the account's messages to it. */
final class AccountConnection {
    private static final System.Logger LOG = System.getLogger(AccountConnection.class.getName());

    private final Optional<Engine> engine;
    private final Session session;
    private final Optional<Sender> sender;
    private final Store state;
    private final BooleanSupplier ours;

    /**
     * @param engine empty when this process does not offer it
     * @param sender empty while the account's connection is between two engines, or ends
     * @param state what the session keeps its state in; fails every write once another node serves the account
     * @param ours whether this node still serves the account
     */
    AccountConnection(
            Optional<Engine> engine, Session session, Optional<Sender> sender, Store state, BooleanSupplier ours) {
        this.engine = engine;
        this.session = session;
        this.sender = sender;
        this.state = state;
        this.ours = ours;
    }

    /**
     * What stands in the connection's place while the account has none.
     *
     * @param refusal answers every request, and asks the caller to come again
     */
    AccountConnection away(EngineRefusal refusal) {
        return new AccountConnection(Optional.empty(), new UnservedSession(refusal), Optional.empty(), state, ours);
    }

    Session session() {
        return session;
    }

    Store state() {
        return state;
    }

    BooleanSupplier ours() {
        return ours;
    }

    boolean isAway() {
        return sender.isEmpty();
    }

    void restricted() {
        sender.ifPresent(Sender::restricted);
    }

    boolean isRestricted() {
        return sender.filter(Sender::isRestricted).isPresent();
    }

    void wake() {
        sender.ifPresent(Sender::wake);
    }

    /** Hands over no further message. Returns when the messages under way have ended, or after ten seconds. */
    void stopSending() {
        sender.ifPresent(Sender::close);
    }

    /** Stops sending, unpairs the account where that is possible, and closes its session. */
    void end(String device) {
        stopSending();
        try {
            session.logout();
        } catch (EngineRefusal refusal) {
            // Not paired, or WhatsApp is out of reach: the phone's own list of linked devices can end it.
            LOG.log(System.Logger.Level.INFO, "the account {0} was not unpaired: {1}", device, refusal.reason());
        } finally {
            session.close();
        }
    }

    /** Removes what the engine keeps of the account. */
    void forget(String device) {
        engine.ifPresent(old -> old.forget(device, state));
    }
}
