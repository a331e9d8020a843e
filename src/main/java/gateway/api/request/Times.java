package gateway.api.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

import gateway.http.Problem;

/** How the contract writes times. */
public final class Times {
    private static final DateTimeFormatter SENTENCE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z 'UTC'").withZone(ZoneOffset.UTC);
    /** A time whose offset has 18 hours or more, which {@link OffsetDateTime} does not take: RFC 3339 has up to 23:59. */
    private static final Pattern FAR_FROM_UTC = Pattern.compile("([0-9]{4}-[^+]*)([+-])(1[89]|2[0-3]):([0-5][0-9])");

    private static final int MAX_YEAR = 9_999;
    private static final long SECONDS_OF_DAY = 86_400;
    private static final long MIN_DAY = LocalDate.MIN.toEpochDay();
    private static final long MAX_DAY = LocalDate.MAX.toEpochDay();

    private Times() {}

    /** RFC 3339 in UTC, whole seconds. */
    public static String rfc3339(long epochMillis) {
        long seconds = Math.floorDiv(epochMillis, 1_000L);
        var date = LocalDate.ofEpochDay(Math.clamp(Math.floorDiv(seconds, SECONDS_OF_DAY), MIN_DAY, MAX_DAY));
        if (date.getYear() > 0 && date.getYear() <= MAX_YEAR) {
            return written(date, (int) Math.floorMod(seconds, SECONDS_OF_DAY));
        }
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * The same text as {@code Instant.toString}, which looks its fields up; a page of messages has hundreds of times.
     */
    private static String written(LocalDate date, int second) {
        var text = new byte[] {
            '0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':', '0', '0', ':', '0', '0', 'Z'
        };
        two(text, 0, date.getYear() / 100);
        two(text, 2, date.getYear() % 100);
        two(text, 5, date.getMonthValue());
        two(text, 8, date.getDayOfMonth());
        two(text, 11, second / 3_600);
        two(text, 14, second / 60 % 60);
        two(text, 17, second % 60);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void two(byte[] text, int at, int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /** As it stands in a status sentence: {@code 2026-01-02 03:04:05 +0000 UTC}. */
    public static String sentence(long epochMillis) {
        return SENTENCE.format(Instant.ofEpochMilli(epochMillis));
    }

    /** An RFC 3339 time as epoch milliseconds; empty for an empty text. */
    public static Optional<Long> parse(String field, String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(instant(field, text).toEpochMilli());
    }

    /**
     * An RFC 3339 time. Years have four digits there (§5.6), so that each fits the milliseconds of a {@code long}.
     *
     * @throws Problem 400 naming the field
     */
    public static Instant instant(String field, String text) {
        return read(text)
                .orElseThrow(() -> Problem.badField(field, "must be an RFC 3339 time such as 2026-01-02T03:04:05Z"));
    }

    private static Optional<Instant> read(String text) {
        try {
            var far = FAR_FROM_UTC.matcher(text);
            if (far.matches()) {
                var offset = Duration.ofHours(Long.parseLong(far.group(3)))
                        .plusMinutes(Long.parseLong(far.group(4)))
                        .multipliedBy(far.group(2).equals("+") ? -1 : 1);
                return Optional.of(LocalDateTime.parse(far.group(1))
                        .toInstant(ZoneOffset.UTC)
                        .plus(offset));
            }
            return Optional.of(OffsetDateTime.parse(text))
                    .filter(time -> time.getYear() >= 0 && time.getYear() <= MAX_YEAR)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
