package gateway.process;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * A log for what repeats: the first time at once, then once a minute with how often it was, so that no outage fills the
 * disk.
 */
public final class Seldom {
    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private boolean told;
    private long lastTold;
    private long untold;

    public Seldom(Class<?> speaker) {
        this.log = System.getLogger(speaker.getName());
    }

    /** Logs the text with the cause's stack, or counts it. */
    public void log(Level level, String text, Throwable cause) {
        long before = turn();
        if (before >= 0) {
            log.log(level, before == 0 ? text : text + " (" + before + " times more since it was last told)", cause);
        }
    }

    /** As {@link #log(Level, String, Throwable)}, without a stack. */
    public void log(Level level, String text) {
        long before = turn();
        if (before >= 0) {
            log.log(level, before == 0 ? text : text + " (" + before + " times more since it was last told)");
        }
    }

    /** How many texts were left out since the last one that was logged; −1 when this text is left out, too. */
    private synchronized long turn() {
        long now = System.nanoTime();
        if (told && now - lastTold < EVERY_NANOS) {
            untold++;
            return -1;
        }
        told = true;
        lastTold = now;
        long before = untold;
        untold = 0;
        return before;
    }
}
