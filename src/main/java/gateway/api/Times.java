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
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeParseException e) {
            throw Problem.badField(field, "must be an RFC 3339 time such as 2026-01-02T03:04:05Z");
        }
    }
}
