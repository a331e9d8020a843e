package gateway.messaging;

import java.util.List;
import java.util.Optional;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.PasskeyStep;
import gateway.engine.Session;
import gateway.engine.Wire;

/**
 * The session of an account whose engine this process does not offer, or whose connection is being changed. The
 * account's chats stay readable, its accepted messages wait, and everything else is refused.
 *
 * @param refusal with the reason in one sentence
 */
record UnservedSession(EngineRefusal refusal) implements Session {

    @Override
    public Status status() {
        return new Status(false, Optional.empty());
    }

    @Override
    public PairingCode pair() {
        throw refusal;
    }

    @Override
    public String pairByPhone(String phone) {
        throw refusal;
    }

    @Override
    public PasskeyStep passkey() {
        throw refusal;
    }

    @Override
    public void reconnect() {
        throw refusal;
    }

    @Override
    public Wire wire() {
        throw refusal;
    }

    @Override
    public void logout() {
        throw refusal;
    }

    @Override
    public Sent send(String id, Jid chat, Content content) {
        throw refusal;
    }

    @Override
    public boolean isOnWhatsApp(Jid user) {
        throw refusal;
    }

    @Override
    public Optional<UserInfo> userInfo(Jid user) {
        throw refusal;
    }

    @Override
    public List<LinkedDevice> devices() {
        return List.of();
    }

    @Override
    public void close() {}
}
