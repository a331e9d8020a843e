package gateway.engine.web.receive;

import java.time.Instant;

import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The time that a stanza carries in {@code t}, in Unix seconds. */
final class StanzaTime {
    /** The year 9999, beyond which a time is none. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private StanzaTime() {}

    /** @throws WireRefusal ({@code MALFORMED}) for a time out of range; an absent one is 0 */
    static Instant of(Node stanza) throws WireRefusal {
        long seconds = stanza.number("t").orElse(0L);
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new WireRefusal(Reason.MALFORMED, "<" + stanza.tag() + "> has no time in t");
        }
        return Instant.ofEpochSecond(seconds);
    }
}
