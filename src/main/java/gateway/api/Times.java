package gateway.api;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import gateway.http.Problem;

/** How the contract writes times. */
final class Times {
    private static final DateTimeFormatter SENTENCE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z 'UTC'").withZone(ZoneOffset.UTC);
    private static final int MAX_YEAR = 9_999;

    private Times() {
    }

    /** RFC 3339 in UTC, whole seconds. */
    static String rfc3339(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** As it stands in a status sentence: {@code 2026-01-02 03:04:05 +0000 UTC}. */
    static String sentence(long epochMillis) {
        return SENTENCE.format(Instant.ofEpochMilli(epochMillis));
    }

    /** An RFC 3339 time as epoch milliseconds; empty for an empty text. */
    static Optional<Long> parse(String field, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(instant(field, text).toEpochMilli());
    }

    /**
     * An RFC 3339 time. Years have four digits there (§5.6), so that each fits the milliseconds of a {@code long}.
     *
     * @throws Problem 400 naming the field
     */
    static Instant instant(String field, String text) {
        return offset(text).filter(time -> time.getYear() >= 0 && time.getYear() <= MAX_YEAR).map(OffsetDateTime::toInstant)
                .orElseThrow(() -> Problem.badField(field, "must be an RFC 3339 time such as 2026-01-02T03:04:05Z"));
    }

    private static Optional<OffsetDateTime> offset(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
