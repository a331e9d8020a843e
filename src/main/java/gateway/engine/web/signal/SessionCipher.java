package gateway.engine.web.signal;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.AesCbc;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * Opens sessions, encrypts and decrypts: pure functions from a session and an input to the next session and an
 * output. The next session must be stored before the output leaves the process; a refusal leaves the given session
 * valid.
 */
public final class SessionCipher {
    private SessionCipher() {}

    /** The kind of a ciphertext, as the stanza's {@code enc type} names it. */
    public enum Kind {
        /** A message of a session that the peer has answered. */
        MSG,
        /** A message that opens the session at the peer. */
        PKMSG
    }

    /** An encrypted message and the session after it. */
    public record Encrypted(SignalSession next, Kind kind, byte[] wire) {}

    /**
     * A decrypted message and the session after it.
     *
     * @param plain      the plaintext, still padded
     * @param usedPreKey the one-time pre-key to delete in the transaction that stores the session
     * @param identity   the identity key that the sender has proved to hold
     */
    public record Decrypted(SignalSession next, byte[] plain, OptionalInt usedPreKey, CurvePublic identity) {}

    /**
     * Opens a session from a bundle. States of an earlier session with the same identity are archived. Draws two
     * private keys: the base key, then the ratchet key.
     *
     * @throws WireRefusal ({@code BAD_SIGNATURE}) when the identity has not signed the signed pre-key; ({@code
     *     BAD_KEY}) for a key of small order
     */
    public static SignalSession open(
            Optional<SignalSession> old, LocalIdentity me, PreKeyBundle them, RandomGenerator random)
            throws WireRefusal {
        if (!them.isSigned()) {
            throw new WireRefusal(Reason.BAD_SIGNATURE, "the signed pre-key is not signed by its identity");
        }
        return SignalSession.begun(old, X3dh.initiate(me, them, random));
    }

    /** Encrypts with the current state. */
    public static Encrypted encrypt(SignalSession session, LocalIdentity me, byte[] padded) {
        SessionState state = session.current();
        if (state.readOnly()) {
            throw new IllegalStateException("the session came out of a backup: it must be opened anew");
        }
        HashChain chain = state.send();
        if (chain.next() > SignalLimits.MAX_COUNTER) {
            throw new IllegalStateException("the sending chain is used up: the session must be opened anew");
        }
        MessageKeys keys = MessageKeys.of(chain.seed());
        byte[] body = AesCbc.encrypt(keys.cipher(), keys.iv(), padded);
        byte[] wire = SignalMessage.write(
                state.ratchet().known(),
                chain.next(),
                state.previousCounter(),
                body,
                keys.mac(),
                state.localIdentity(),
                state.remoteIdentity());
        SignalSession next = new SignalSession(state.withSend(chain.stepped()), session.archived());
        return state.pending()
                .map(pending -> new Encrypted(
                        next,
                        Kind.PKMSG,
                        new PreKeySignalMessage(
                                        pending.preKeyId(),
                                        state.baseKey(),
                                        state.localIdentity(),
                                        wire,
                                        me.registrationId(),
                                        pending.signedPreKeyId())
                                .write()))
                .orElseGet(() -> new Encrypted(next, Kind.MSG, wire));
    }

    /**
     * Decrypts a message of either kind. The state that decrypts becomes the current one. At most one private key is
     * drawn, when the peer has moved the ratchet on.
     *
     * @throws WireRefusal with the reason; the given session stays valid
     */
    public static Decrypted decrypt(
            Optional<SignalSession> session,
            LocalIdentity me,
            Kind kind,
            byte[] wire,
            PreKeys preKeys,
            RandomGenerator random)
            throws WireRefusal {
        return switch (kind) {
            case MSG ->
                decrypt(
                        session.orElseThrow(() -> new WireRefusal(Reason.NO_SESSION, "there is no session")),
                        wire,
                        random);
            case PKMSG -> decryptFirst(session, me, PreKeySignalMessage.read(wire), preKeys, random);
        };
    }

    private static Decrypted decryptFirst(
            Optional<SignalSession> session,
            LocalIdentity me,
            PreKeySignalMessage first,
            PreKeys preKeys,
            RandomGenerator random)
            throws WireRefusal {
        SignalMessage inner = SignalMessage.read(first.message());
        Optional<SessionState> known = session.flatMap(existing -> existing.state(first.baseKey()));
        if (known.isPresent()) {
            return decrypted(session.orElseThrow(), Ratchet.decrypt(known.get(), inner, random), OptionalInt.empty());
        }
        Optional<CurvePair> oneTime = Optional.empty();
        if (first.preKeyId().isPresent()) {
            oneTime = preKeys.oneTime(first.preKeyId().getAsInt());
            if (oneTime.isEmpty()) {
                throw new WireRefusal(Reason.UNKNOWN_PRE_KEY, "the one-time pre-key is not there");
            }
        }
        CurvePair signed = preKeys.signed(first.signedPreKeyId())
                .orElseThrow(() -> new WireRefusal(Reason.UNKNOWN_SIGNED_PRE_KEY, "the signed pre-key is not there"));
        Ratchet.Result result = Ratchet.decrypt(X3dh.respond(me, signed, oneTime, first), inner, random);
        return new Decrypted(
                SignalSession.begun(session, result.next()), result.plain(), first.preKeyId(), first.identity());
    }

    private static Decrypted decrypt(SignalSession session, byte[] wire, RandomGenerator random) throws WireRefusal {
        SignalMessage message = SignalMessage.read(wire);
        Optional<SessionState> known = session.states().stream()
                .filter(state -> state.chainOf(message.ratchet()).isPresent())
                .findFirst();
        if (known.isPresent()) {
            return decrypted(session, Ratchet.decrypt(known.get(), message, random), OptionalInt.empty());
        }
        WireRefusal first = null;
        for (SessionState state : session.states()) {
            try {
                return decrypted(session, Ratchet.decrypt(state, message, random), OptionalInt.empty());
            } catch (WireRefusal refusal) {
                first = first == null ? refusal : first;
            }
        }
        throw first;
    }

    private static Decrypted decrypted(SignalSession session, Ratchet.Result result, OptionalInt usedPreKey) {
        return new Decrypted(
                session.with(result.next()),
                result.plain(),
                usedPreKey,
                result.next().remoteIdentity());
    }
}
