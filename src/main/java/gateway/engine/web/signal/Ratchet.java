package gateway.engine.web.signal;

import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.AesCbc;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** One state's decryption of one message (signal.org/docs/specifications/doubleratchet). */
final class Ratchet {
    private Ratchet() {}

    record Result(SessionState next, byte[] plain) {}

    static Result decrypt(SessionState state, SignalMessage message, RandomGenerator random) throws WireRefusal {
        Optional<ReceiveChain> known = state.chainOf(message.ratchet());
        if (known.isPresent()) {
            ReceiveChain.Taken taken = known.get().take(message.counter());
            return new Result(state.withChain(taken.chain()), open(state, message, taken.seed()));
        }
        RootStep theirs = RootStep.ofRatchet(state.root(), state.ratchet().agree(message.ratchet()));
        ReceiveChain.Taken taken =
                new ReceiveChain(message.ratchet(), theirs.chain(), SkippedKeys.NONE).take(message.counter());
        byte[] plain = open(state, message, taken.seed());
        CurvePair fresh = CurvePair.draw(random);
        RootStep ours = RootStep.ofRatchet(theirs.root(), fresh.agree(message.ratchet()));
        return new Result(state.ratcheted(taken.chain(), fresh, ours), plain);
    }

    private static byte[] open(SessionState state, SignalMessage message, Secret32 seed) throws WireRefusal {
        MessageKeys keys = MessageKeys.of(seed);
        if (!message.isAuthentic(keys.mac(), state.remoteIdentity(), state.localIdentity())) {
            throw new WireRefusal(Reason.BAD_MAC, "the message's MAC does not match");
        }
        return AesCbc.decrypt(keys.cipher(), keys.iv(), message.body());
    }
}
