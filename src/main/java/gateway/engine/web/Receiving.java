package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.IncomingReceipt;
import gateway.store.FailPoint;
import gateway.store.LeaseLost;
import gateway.store.StoreUnavailable;

/**
 * Takes what comes in, some stanzas at a time: events and key state become durable together, and only then is the
 * server told. What was not told comes again.
 */
final class Receiving {
    private static final System.Logger LOG = System.getLogger(Receiving.class.getName());
    /** Stanzas that are written in one transaction. */
    private static final int MAX_BATCH = 64;
    /** How long one turn waits for a stanza; the connection's end ends the wait. */
    private static final Duration TURN = Duration.ofMinutes(1);

    private final Book book;
    private final KeyRoom room;
    private final People people;
    private final Notices notices;
    private final Opener opener;
    private final Retries retries;
    private final Events events;
    private final InstantSource clock;

    Receiving(
            Book book,
            KeyRoom room,
            People people,
            Notices notices,
            Opener opener,
            Retries retries,
            Events events,
            InstantSource clock) {
        this.book = book;
        this.room = room;
        this.people = people;
        this.notices = notices;
        this.opener = opener;
        this.retries = retries;
        this.events = events;
        this.clock = clock;
    }

    /** The connection is up: what was left over from an earlier one is done. */
    void began(DeviceCredentials own, WebConnection connection) {
        notices.began(own, connection);
    }

    /** Before the first stanza: our own number and our own LID are one person, and the server names either. */
    void learnOwn(DeviceCredentials own) {
        notices.learnOwn(own);
    }

    /** Waits a moment for stanzas, and takes those that came, as {@link #take} does. */
    void takeNext(DeviceCredentials own, WebConnection connection) throws ConnectionEnded, InterruptedException {
        List<Node> stanzas = connection.nextAll(MAX_BATCH, TURN);
        if (!stanzas.isEmpty()) {
            take(stanzas, own, connection);
        }
    }

    /**
     * Takes stanzas, and answers them.
     *
     * @throws StoreUnavailable when nothing could be kept: none was answered
     */
    void take(List<Node> stanzas, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, InterruptedException {
        Drafts drafts;
        try {
            drafts = kept(stanzas, own, connection);
        } catch (StoreUnavailable | LeaseLost passing) {
            people.forget();
            throw passing;
        } catch (RuntimeException | StackOverflowError fault) {
            people.forget(); // Pairs of these stanzas were not written down.
            if (stanzas.size() == 1) {
                LOG.log(
                        Level.WARNING,
                        "a stanza of WhatsApp cannot be kept: <"
                                + stanzas.getFirst().tag() + ">",
                        fault);
                refuse(stanzas.getFirst(), connection);
                return;
            }
            for (Node stanza : stanzas) {
                take(List.of(stanza), own, connection);
            }
            return;
        }
        FailPoint.reach("web-received");
        for (Node answer : drafts.answers) {
            connection.send(answer);
        }
        drafts.after.forEach(Runnable::run);
        notices.follow(drafts, own, connection);
    }

    private static void refuse(Node stanza, WebConnection connection) throws ConnectionEnded, InterruptedException {
        try {
            connection.send(Answers.refusal(stanza, Answers.UNHANDLED));
        } catch (WireRefusal e) {
            LOG.log(Level.INFO, "a stanza names nobody to answer: {0}", e.getMessage());
        }
    }

    private Drafts kept(List<Node> stanzas, DeviceCredentials own, WebConnection connection) {
        if (stanzas.stream().noneMatch(Receiving::movesSessions)) {
            // Receipts and most notifications move no session: those who send need not wait until the rows are on disk.
            return drafted(stanzas, own, connection);
        }
        room.lock.lock();
        try {
            return drafted(stanzas, own, connection);
        } finally {
            room.lock.unlock();
        }
    }

    private static boolean movesSessions(Node stanza) {
        return stanza.is("message") || stanza.is("notification") && stanza.has("type", "encrypt");
    }

    private Drafts drafted(List<Node> stanzas, DeviceCredentials own, WebConnection connection) {
        Drafts drafts = new Drafts(book, room);
        for (Node stanza : stanzas) {
            try {
                draft(stanza, own, connection, drafts);
            } catch (WireRefusal e) {
                LOG.log(Level.INFO, "a <{0}> is refused: {1}", stanza.tag(), e.getMessage());
                refusal(stanza).ifPresent(drafts.answers::add);
            }
        }
        var rows = drafts.rows();
        if (!drafts.events.isEmpty() || !rows.isEmpty()) {
            events.accept(drafts.events, rows);
        }
        drafts.committed();
        return drafts;
    }

    private static Optional<Node> refusal(Node stanza) {
        try {
            return Optional.of(Answers.refusal(stanza, Answers.PARSING));
        } catch (WireRefusal e) {
            return Optional.empty();
        }
    }

    private void draft(Node stanza, DeviceCredentials own, WebConnection connection, Drafts drafts) throws WireRefusal {
        switch (stanza.tag()) {
            case "message" -> opener.open(stanza, own, drafts);
            case "receipt" -> receipt(stanza, own, connection, drafts);
            case "notification" -> {
                notices.notification(stanza, own, connection, drafts);
                drafts.answers.add(Answers.ack(stanza));
            }
            case "call" -> {
                notices.call(stanza, drafts);
                drafts.answers.add(Answers.ack(stanza));
            }
            case "ib" -> notices.connection(stanza, connection, drafts);
            case "chatstate" -> notices.chatState(stanza, clock.millis(), drafts);
            default -> {}
        }
    }

    private void receipt(Node stanza, DeviceCredentials own, WebConnection connection, Drafts drafts)
            throws WireRefusal {
        List<IncomingReceipt> receipts = IncomingReceipt.of(stanza);
        if (stanza.has("type", "retry")) {
            drafts.after.add(() -> retries.take(stanza, receipts, own, connection));
            return;
        }
        drafts.answers.add(Answers.ack(stanza));
        for (IncomingReceipt receipt : receipts) {
            boolean isOwn = isOwn(receipt.sender(), own);
            Optional<Event.Receipt.Kind> kind = kind(receipt.type(), isOwn);
            if (kind.isPresent()) {
                // What another device of our own read was said in the chat with the recipient.
                DeviceJid chat =
                        isOwn ? stanza.jid("recipient").orElse(receipt.chat()).withoutDevice() : receipt.chat();
                drafts.events.add(new Event.Receipt(
                        receipt.ids(),
                        people.shown(chat),
                        people.shown(receipt.sender()),
                        kind.get(),
                        receipt.time().toEpochMilli()));
            }
        }
    }

    private static boolean isOwn(DeviceJid jid, DeviceCredentials own) {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        return jid.isSamePerson(account.jid())
                || account.lid().filter(jid::isSamePerson).isPresent();
    }

    private static Optional<Event.Receipt.Kind> kind(String type, boolean own) {
        return switch (type) {
            case "", "inactive" -> own ? Optional.empty() : Optional.of(Event.Receipt.Kind.DELIVERED);
            case "read", "played" -> Optional.of(own ? Event.Receipt.Kind.READ_SELF : Event.Receipt.Kind.READ);
            // Nobody else speaks for this account's devices.
            case "read-self", "played-self" -> own ? Optional.of(Event.Receipt.Kind.READ_SELF) : Optional.empty();
            default -> Optional.empty();
        };
    }
}
