package gateway.engine.web.signal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.WireRefusal;

/**
 * The key agreement that opens a session (signal.org/docs/specifications/x3dh): both sides reach the same master secret
 * {@code 32×FF ‖ DH1 ‖ DH2 ‖ DH3 [‖ DH4]}.
 */
final class X3dh {
    private X3dh() {}

    /** The initiator's state. Draws the base key, then the ratchet key. The bundle's signature has been verified. */
    static SessionState initiate(LocalIdentity me, PreKeyBundle them, RandomGenerator random) throws WireRefusal {
        CurvePair base = CurvePair.draw(random);
        CurvePair ratchet = CurvePair.draw(random);
        Master master = new Master()
                .add(me.identity().agree(them.signedPreKey()))
                .add(base.agree(them.identity()))
                .add(base.agree(them.signedPreKey()));
        if (them.oneTime().isPresent()) {
            master.add(base.agree(them.oneTime().get().key()));
        }
        RootStep first = RootStep.ofRatchet(master.root().root(), ratchet.agree(them.signedPreKey()));
        OptionalInt oneTime =
                them.oneTime().map(key -> OptionalInt.of(key.id())).orElse(OptionalInt.empty());
        return new SessionState(
                base.known(),
                me.identity().known(),
                them.identity(),
                first.root(),
                ratchet,
                first.chain(),
                0,
                List.of(),
                Optional.of(new SessionState.Pending(oneTime, them.signedPreKeyId())),
                them.registrationId(),
                false);
    }

    /** The responder's state, before the first message has moved the ratchet on. */
    static SessionState respond(
            LocalIdentity me, CurvePair signedPreKey, Optional<CurvePair> oneTime, PreKeySignalMessage them)
            throws WireRefusal {
        Master master = new Master()
                .add(signedPreKey.agree(them.identity()))
                .add(me.identity().agree(them.baseKey()))
                .add(signedPreKey.agree(them.baseKey()));
        if (oneTime.isPresent()) {
            master.add(oneTime.get().agree(them.baseKey()));
        }
        RootStep first = master.root();
        return new SessionState(
                them.baseKey(),
                me.identity().known(),
                them.identity(),
                first.root(),
                signedPreKey,
                first.chain(),
                0,
                List.of(),
                Optional.empty(),
                them.registrationId(),
                false);
    }

    private static final class Master {
        private final ByteArrayOutputStream secrets = new ByteArrayOutputStream(5 * Curve.KEY_BYTES);

        Master() {
            byte[] discontinuity = new byte[Curve.KEY_BYTES];
            Arrays.fill(discontinuity, (byte) 0xFF);
            secrets.writeBytes(discontinuity);
        }

        Master add(byte[] agreement) {
            secrets.writeBytes(agreement);
            return this;
        }

        RootStep root() {
            return RootStep.ofMaster(secrets.toByteArray());
        }
    }
}
