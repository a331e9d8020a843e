package gateway.messaging;

import java.util.List;
import java.util.Optional;

import gateway.engine.Contacts;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Groups;
import gateway.engine.Jid;
import gateway.engine.Marks;
import gateway.engine.Newsletters;
import gateway.engine.PasskeyStep;
import gateway.engine.Presence;
import gateway.engine.Profile;
import gateway.engine.Session;
import gateway.engine.Wire;

/**
 * The session of a held account. It knows the account's own address, and refuses what needs WhatsApp, as a connection
 * that is down does.
 *
 * @param account the account's own address as its stored state has it; empty when it is not paired
 */
record HeldSession(Optional<Jid> account) implements Session {

    @Override
    public Status status() {
        return new Status(false, account);
    }

    @Override
    public List<LinkedDevice> devices() {
        return account.map(jid -> new LinkedDevice("held", jid)).stream().toList();
    }

    @Override
    public PairingCode pair() {
        throw held();
    }

    @Override
    public String pairByPhone(String phone) {
        throw held();
    }

    @Override
    public PasskeyStep passkey() {
        throw held();
    }

    @Override
    public void reconnect() {
        throw held();
    }

    @Override
    public Wire wire() {
        throw held();
    }

    @Override
    public void logout() {
        throw held();
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        throw held();
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        throw held();
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        throw held();
    }

    @Override
    public Contacts contacts() {
        throw held();
    }

    @Override
    public Groups groups() {
        throw held();
    }

    @Override
    public Newsletters newsletters() {
        throw held();
    }

    @Override
    public Profile profile() {
        throw held();
    }

    @Override
    public Marks marks() {
        throw held();
    }

    @Override
    public Presence presence() {
        throw held();
    }

    @Override
    public void close() {
        // There is no connection.
    }

    private static EngineRefusal held() {
        return new EngineRefusal(
                EngineRefusal.Reason.NOT_CONNECTED,
                "this account is held: it accepts messages and is not connected until an operator releases it");
    }
}
