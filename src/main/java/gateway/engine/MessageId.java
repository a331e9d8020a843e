package gateway.engine;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names messages in the form of WhatsApp's own web clients, {@code 3EB0} and 18 hexadecimal digits: 44 bits of epoch
 * milliseconds, 12 that count within one, 16 of chance between processes. Those made one after the other are also next
 * to each other in the database's indexes, which then change in one place instead of all over.
 */
public final class MessageId {
    private static final int COUNTED_BITS = 12;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final AtomicLong LAST = new AtomicLong();

    private MessageId() {}

    /** A name that this process has not given before, nor, but for one chance in millions, another one. */
    public static String next() {
        long now = System.currentTimeMillis() << COUNTED_BITS;
        long place = LAST.updateAndGet(last -> Math.max(last + 1, now));
        return "3EB0" + HEX.toHexDigits(place, 14)
                + HEX.toHexDigits(ThreadLocalRandom.current().nextLong(), 4);
    }
}
