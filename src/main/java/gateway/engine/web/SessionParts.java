package gateway.engine.web;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import gateway.engine.Events;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.pairing.DeviceCredentials;

/** What the session of one account is made of: who writes, who reads, and what is remembered of the linked account. */
final class SessionParts {
    final RecipientDevices recipients;
    final Sending sending;
    final ContactNames names;
    final WebProfile profile;
    final WebMarks marks;
    final WebPresence presence;
    final PreKeyStock preKeys;
    final ServerClock serverClock;
    final Receiving receiving;
    /** Each forgets what it remembers of the linked account in memory. */
    private final List<Runnable> remembered;

    /**
     * @param line    the open connection of the paired account
     * @param account the paired account
     * @param change  changes the credentials of the account, on disk as well
     */
    SessionParts(
            Book book,
            Events events,
            Dialer dialer,
            InstantSource clock,
            Supplier<WebConnection> line,
            Supplier<DeviceCredentials.Paired> account,
            Consumer<UnaryOperator<DeviceCredentials>> change) {
        var room = new KeyRoom(book);
        var people = new People(book);
        this.serverClock = new ServerClock(clock);
        var tokens = new TrustTokens(book, people, serverClock);
        var votes = new Votes(book, people, clock);
        this.names = new ContactNames(book, people);
        this.recipients = new RecipientDevices(book, people, clock);
        this.profile = new WebProfile(line);
        this.marks = new WebMarks(people, profile, line, serverClock);
        this.presence = new WebPresence(book, people, account, line, clock);
        this.preKeys = new PreKeyStock(book);
        var identities = new Identities(people, recipients, tokens, book, events, clock);
        this.sending = new Sending(book, room, recipients, votes, tokens, identities, Dialer.RANDOM, clock);
        var phone = new PhoneRequests(book, room, sending, clock);
        this.remembered =
                List.of(room::clear, people::forget, tokens::forget, names::forget, recipients::forget, phone::forget);
        var files = new Files(dialer.downloads(), clock);
        this.receiving = new Receiving(
                book,
                room,
                people,
                new Notices(
                        book,
                        people,
                        recipients,
                        tokens,
                        new StateSync(
                                book, files, phone, new StateTaking(book, room, people, names, tokens, events, clock)),
                        new HistoryReading(book, files, people, tokens, votes, clock),
                        presence,
                        new ConnectionNotices(book, preKeys, change, clock),
                        identities),
                new Opener(
                        book, people, events, new MessageTaking(book, people, votes, names), identities, Dialer.RANDOM),
                new Retries(book, room, people, sending, identities, Dialer.RANDOM, clock),
                events,
                clock);
    }

    /** Forgets what is remembered of the linked account in memory. */
    void forget() {
        remembered.forEach(Runnable::run);
    }
}
