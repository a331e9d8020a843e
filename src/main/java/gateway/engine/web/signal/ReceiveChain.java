package gateway.engine.web.signal;

import java.util.Optional;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A receiving chain: messages of one ratchet key of the peer.
 *
 * @param ratchet the peer's ratchet key
 * @param chain   the chain behind the furthest message that came
 * @param skipped the seeds of messages before it that have not come
 */
public record ReceiveChain(CurvePublic ratchet, HashChain chain, SkippedKeys skipped) {
    Taken take(int counter) throws WireRefusal {
        if (counter < chain.next()) {
            Optional<Secret32> seed = skipped.seed(counter);
            return new Taken(
                    seed.orElseThrow(() -> new WireRefusal(Reason.DUPLICATE, "the key of " + counter + " is gone")),
                    new ReceiveChain(ratchet, chain, skipped.without(counter)));
        }
        HashChain.Reached reached = chain.reach(counter);
        return new Taken(reached.seed(), new ReceiveChain(ratchet, reached.chain(), skipped.with(reached.between())));
    }

    record Taken(Secret32 seed, ReceiveChain chain) {}
}
