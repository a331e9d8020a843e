package gateway.engine.web.pairing;

import java.time.Instant;

/** The number by which a client names its week of use to the server (web-1 §5.2). */
public final class UnifiedSession {
    private static final long OFFSET_MILLIS = 259_200_000;
    private static final long WEEK_MILLIS = 604_800_000;

    private UnifiedSession() {}

    /** The number at a time of the server's clock. */
    public static String id(Instant serverTime) {
        return Long.toString((serverTime.toEpochMilli() + OFFSET_MILLIS) % WEEK_MILLIS);
    }
}
