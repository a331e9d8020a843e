package gateway.webhook;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When a delivery is tried again: ten attempts over 75 h 35 min, the calendar of Standard Webhooks 1.0.0. Every pause
 * is spread by a fifth up or down, so that deliveries which failed together do not return together.
 */
final class DeliveryRetries {
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));
    private static final double SPREAD = 0.2;

    private final RandomGenerator random;

    DeliveryRetries(RandomGenerator random) {
        this.random = random;
    }

    /**
     * How long to wait, in milliseconds; empty when there is no further attempt.
     *
     * @param attempts how many were made, at least one
     * @param retryAfter the receiver's {@code Retry-After}, or empty; it counts between the pause and twice the pause,
     *     so that no receiver can call us back at once or never
     * @param now epoch milliseconds
     */
    OptionalLong pause(int attempts, String retryAfter, long now) {
        if (attempts > PAUSES.size()) {
            return OptionalLong.empty();
        }
        long base = PAUSES.get(attempts - 1).toMillis();
        var asked = asked(retryAfter, now);
        if (asked.isPresent()) {
            return OptionalLong.of(Math.clamp(asked.getAsLong(), base, 2 * base));
        }
        return OptionalLong.of(Math.round(base * (1 - SPREAD + 2 * SPREAD * random.nextDouble())));
    }

    /** Seconds or a date (RFC 9110 §10.2.3), in milliseconds from now. */
    private static OptionalLong asked(String retryAfter, long now) {
        if (retryAfter.matches("[0-9]{1,9}")) {
            return OptionalLong.of(Long.parseLong(retryAfter) * 1000);
        }
        try {
            return retryAfter.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()
                                    .toEpochMilli()
                            - now);
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }
}
