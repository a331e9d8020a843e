package gateway.engine.web.signal;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A symmetric chain: every step gives the seed of one message and the next chain key. Source: signal.org's double
 * ratchet §5.2; sender keys use the same chain.
 *
 * @param key  the chain key of {@code next}
 * @param next the counter of the next message
 */
public record HashChain(Secret32 key, int next) {
    private static final byte[] MESSAGE = {1};
    private static final byte[] CHAIN = {2};

    /** The seed of the next message. */
    Secret32 seed() {
        return Secret32.at(Hmac.sha256(key.view(), MESSAGE), 0);
    }

    /** The chain after the next message. */
    HashChain stepped() {
        return new HashChain(Secret32.at(Hmac.sha256(key.view(), CHAIN), 0), next + 1);
    }

    /**
     * The seed of a counter that comes, the chain behind the counter, and the seeds of the counters between.
     *
     * @throws WireRefusal ({@code TOO_FAR}) when the counter is more than {@link SignalLimits#MAX_JUMP} ahead
     */
    Reached reach(int counter) throws WireRefusal {
        if ((long) counter - next > SignalLimits.MAX_JUMP || counter > SignalLimits.MAX_COUNTER) {
            throw new WireRefusal(Reason.TOO_FAR, "the counter is " + ((long) counter - next) + " ahead");
        }
        SkippedKeys.Skipped[] between = new SkippedKeys.Skipped[counter - next];
        HashChain chain = this;
        for (int i = 0; i < between.length; i++) {
            between[i] = new SkippedKeys.Skipped(chain.next, chain.seed());
            chain = chain.stepped();
        }
        return new Reached(chain.seed(), chain.stepped(), between);
    }

    record Reached(Secret32 seed, HashChain chain, SkippedKeys.Skipped[] between) {}
}
