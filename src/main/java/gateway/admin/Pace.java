package gateway.admin;

import java.time.Duration;

/**
 * How patiently an instance is kept running.
 *
 * @param answer    how long a start may take until the instance answers
 * @param settled   after this long in service, an end counts as the first one again
 * @param firstWait before the first try to start an instance that ended by itself; twice as long before each further
 *     one
 * @param tries     starts that may fail one after the other before the instance is left alone
 * @param stop      how long an instance may take to end before it is killed
 */
public record Pace(Duration answer, Duration settled, Duration firstWait, int tries, Duration stop) {
    /**
     * The original waits 30 s for a start and tries three times; a server's own grace for requests in progress is 20 s.
     */
    public static final Pace USUAL =
            new Pace(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofSeconds(1), 3, Duration.ofSeconds(45));

    Duration waitBefore(int attempt) {
        return firstWait.multipliedBy(1L << (attempt - 1));
    }
}
