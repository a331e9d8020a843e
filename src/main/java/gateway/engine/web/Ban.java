package gateway.engine.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.connection.End;

/** The time for which WhatsApp bars the account from connecting. It is stored, so that a restart ends no ban. */
final class Ban {
    /** For a ban without a length. */
    private static final Duration UNNAMED = Duration.ofHours(1);
    /** The connection is opened this much later than WhatsApp says. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Book book;
    private final InstantSource clock;
    private volatile long until;

    Ban(Book book, InstantSource clock) {
        this.book = book;
        this.clock = clock;
        this.until = book.notes()
                .find(KeptNotes.BANNED_UNTIL)
                .map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.US_ASCII)))
                .orElse(0L);
    }

    void begin(End.TemporaryBan ban) {
        Duration length = ban.length().isZero() ? UNNAMED : ban.length();
        until = clock.instant().plus(length).plus(GRACE).toEpochMilli();
        book.write(book.notes()
                .keep(
                        KeptNotes.BANNED_UNTIL,
                        Long.toString(until).getBytes(StandardCharsets.US_ASCII),
                        clock.millis()));
    }

    boolean stands() {
        return clock.millis() < until;
    }

    /** How long the account must not connect; zero when it may. */
    Duration left() {
        return Duration.ofMillis(Math.max(0, until - clock.millis()));
    }

    /** When it may connect again, in epoch milliseconds. */
    long until() {
        return until;
    }

    /** The account is unlinked: a new pairing is not barred by an old ban. */
    void forget() {
        until = 0;
    }
}
