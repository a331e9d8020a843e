package gateway.engine.web;

import java.util.Optional;
import java.util.Random;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.GroupCipher;
import gateway.engine.web.signal.LocalIdentity;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.PreKeys;
import gateway.engine.web.signal.SenderKeys;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SignalSession;
import gateway.engine.web.signal.XEdDsa;

/** A talk that is always the same, so that its messages open in every run. */
final class FuzzedTalk {
    private static final Random RANDOM = new Random(20);
    private static final CurvePair SIGNED = CurvePair.draw(RANDOM);
    private static final CurvePair ONE_TIME = CurvePair.draw(RANDOM);
    private static final LocalIdentity PEER = new LocalIdentity(CurvePair.draw(RANDOM), 2);
    private static final int ID = 1;
    static final LocalIdentity ME = new LocalIdentity(CurvePair.draw(RANDOM), 1);
    static final PreKeys PRE_KEYS = new PreKeys() {
        @Override
        public Optional<CurvePair> oneTime(int id) {
            return id == ID ? Optional.of(ONE_TIME) : Optional.empty();
        }

        @Override
        public Optional<CurvePair> signed(int id) {
            return id == ID ? Optional.of(SIGNED) : Optional.empty();
        }
    };
    /** What opens another session. */
    static final byte[] FIRST;
    /** The next message of {@link #SESSION}. */
    static final byte[] MESSAGE;

    static final SignalSession SESSION;
    static final SenderKeys GROUP;
    static final byte[] GROUP_MESSAGE;
    static final byte[] DISTRIBUTION;

    static {
        try {
            byte[] signature =
                    XEdDsa.sign(ME.identity().secret().bytes(), SIGNED.known().typed(), RANDOM);
            PreKeyBundle bundle = new PreKeyBundle(
                    ME.registrationId(),
                    ME.identity().known(),
                    ID,
                    SIGNED.known(),
                    signature,
                    Optional.of(new PreKeyBundle.OneTime(ID, ONE_TIME.known())));
            var first = SessionCipher.encrypt(
                    SessionCipher.open(Optional.empty(), PEER, bundle, RANDOM), PEER, new byte[] {10, 1, 97, 1});
            var opened = SessionCipher.decrypt(
                    Optional.empty(), ME, SessionCipher.Kind.PKMSG, first.wire(), PRE_KEYS, RANDOM);
            FIRST = SessionCipher.encrypt(
                            SessionCipher.open(Optional.empty(), PEER, bundle, RANDOM), PEER, new byte[] {10, 1, 97, 1})
                    .wire();
            var answer = SessionCipher.encrypt(opened.next(), ME, new byte[] {1});
            var heard = SessionCipher.decrypt(
                    Optional.of(first.next()), PEER, SessionCipher.Kind.MSG, answer.wire(), PRE_KEYS, RANDOM);
            SESSION = answer.next();
            MESSAGE = SessionCipher.encrypt(heard.next(), PEER, new byte[] {10, 1, 98, 1})
                    .wire();
            SenderKeys own = GroupCipher.rotate(RANDOM);
            DISTRIBUTION = GroupCipher.distribute(Optional.of(own), RANDOM).wire();
            GROUP = GroupCipher.accept(Optional.empty(), DISTRIBUTION);
            GROUP_MESSAGE =
                    GroupCipher.encrypt(own, new byte[] {10, 1, 99, 1}, RANDOM).wire();
        } catch (WireRefusal e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private FuzzedTalk() {}
}
