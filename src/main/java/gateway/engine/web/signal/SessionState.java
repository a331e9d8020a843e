package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run of the double ratchet with a peer's device. Deep-immutable.
 *
 * @param baseKey        the initiator's base key, by which a state is recognised
 * @param localIdentity  our identity key, which the MACs cover
 * @param remoteIdentity the peer's identity key, which the MACs cover
 * @param root           the root key
 * @param ratchet        our ratchet key pair
 * @param send           our sending chain
 * @param previousCounter the last counter of the sending chain before, 0 when nothing was sent
 * @param receive        the receiving chains, newest first, {@link SignalLimits#MAX_RECEIVE_CHAINS} at most
 * @param pending        what a pre-key message repeats, until the peer has answered
 * @param remoteRegistrationId the peer's registration id (32 bits, unsigned)
 * @param readOnly       whether the state came out of a backup: another copy may have sent with it, so it decrypts only
 */
public record SessionState(
        CurvePublic baseKey,
        CurvePublic localIdentity,
        CurvePublic remoteIdentity,
        Secret32 root,
        CurvePair ratchet,
        HashChain send,
        int previousCounter,
        List<ReceiveChain> receive,
        Optional<Pending> pending,
        int remoteRegistrationId,
        boolean readOnly) {
    /** The ids of the pre-keys with which we opened the session. */
    public record Pending(OptionalInt preKeyId, int signedPreKeyId) {}

    public SessionState {
        receive = List.copyOf(receive);
    }

    Optional<ReceiveChain> chainOf(CurvePublic theirs) {
        return receive.stream().filter(chain -> chain.ratchet().equals(theirs)).findFirst();
    }

    SessionState withSend(HashChain chain) {
        return new SessionState(
                baseKey,
                localIdentity,
                remoteIdentity,
                root,
                ratchet,
                chain,
                previousCounter,
                receive,
                pending,
                remoteRegistrationId,
                readOnly);
    }

    /** The state after a message of a chain that is known. */
    SessionState withChain(ReceiveChain taken) {
        return withReceive(
                receive.stream()
                        .map(old -> old.ratchet().equals(taken.ratchet()) ? taken : old)
                        .toList(),
                Optional.empty());
    }

    /** The state after the peer's step of the ratchet and our own one that follows. */
    SessionState ratcheted(ReceiveChain theirs, CurvePair ours, RootStep step) {
        List<ReceiveChain> chains = new ArrayList<>(receive);
        chains.addFirst(theirs);
        while (chains.size() > SignalLimits.MAX_RECEIVE_CHAINS) {
            chains.removeLast();
        }
        return new SessionState(
                baseKey,
                localIdentity,
                remoteIdentity,
                step.root(),
                ours,
                step.chain(),
                Math.max(send.next() - 1, 0),
                chains,
                Optional.empty(),
                remoteRegistrationId,
                readOnly);
    }

    SessionState withChains(List<ReceiveChain> chains) {
        return withReceive(chains, pending);
    }

    private SessionState withReceive(List<ReceiveChain> chains, Optional<Pending> stillPending) {
        return new SessionState(
                baseKey,
                localIdentity,
                remoteIdentity,
                root,
                ratchet,
                send,
                previousCounter,
                chains,
                stillPending,
                remoteRegistrationId,
                readOnly);
    }

    /** The state as one that decrypts only. */
    SessionState forReading() {
        return new SessionState(
                baseKey,
                localIdentity,
                remoteIdentity,
                root,
                ratchet,
                send,
                previousCounter,
                receive,
                pending,
                remoteRegistrationId,
                true);
    }

    int skippedKeys() {
        return receive.stream().mapToInt(chain -> chain.skipped().size()).sum();
    }
}
