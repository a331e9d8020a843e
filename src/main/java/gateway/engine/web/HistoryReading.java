package gateway.engine.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptContacts;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.history.HistoryChunk;
import gateway.engine.web.media.SealedFile;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.HistoryProto.Conversation;
import gateway.engine.web.proto.HistoryProto.HistorySync;
import gateway.engine.web.proto.MessageProto.HistorySyncNotification;
import gateway.engine.web.receive.PrivacyTokenNotice;

/**
 * Reads the history that the phone hands over, aside: pairs of addresses, privacy tokens, names and the secrets of
 * polls. Messages of the time before the pairing are not kept. A part waits in the database until it was read.
 */
final class HistoryReading {
    private static final System.Logger LOG = System.getLogger(HistoryReading.class.getName());
    /** The longest file that is taken, in bytes as it travels. */
    private static final int MAX_FILE_BYTES = 16 << 20;
    /** Rows of one transaction, about. */
    private static final int MAX_ROWS = 500;

    private final Book book;
    private final Files files;
    private final People people;
    private final TrustTokens tokens;
    private final Votes votes;
    private final InstantSource clock;
    private final Aside aside = new Aside("web-history", "the history", this::read);

    HistoryReading(Book book, Files files, People people, TrustTokens tokens, Votes votes, InstantSource clock) {
        this.book = book;
        this.files = files;
        this.people = people;
        this.tokens = tokens;
        this.votes = votes;
        this.clock = clock;
    }

    /** Reads the parts that wait, now or after the one that is being read. */
    void wake(DeviceCredentials own, WebConnection connection) {
        aside.wake(own, connection);
    }

    private void read(DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        for (String id : book.notes().waitingHistory()) {
            read(id, own, connection);
        }
    }

    private void read(String id, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        Optional<byte[]> announced = book.notes().history(id);
        try {
            if (announced.isPresent()) {
                HistorySyncNotification part = HistorySyncNotification.parseFrom(announced.get());
                files.whileAlone(() -> {
                    try (InputStream deflated = part.hasInitialHistBootstrapInlinePayload()
                            ? new ByteArrayInputStream(
                                    part.getInitialHistBootstrapInlinePayload().toByteArray())
                            : files.open(SealedFile.of(part), MAX_FILE_BYTES, connection)) {
                        read(deflated, own.paired().orElseThrow());
                    }
                    return true;
                });
            }
        } catch (InvalidProtocolBufferException | WireRefusal refusal) {
            LOG.log(Level.WARNING, "a part of the history is refused: {0}", refusal.getMessage());
        }
        book.write(book.notes().dropHistory(id));
        tokens.forget();
        connection.send(Node.of("receipt")
                .with("id", id)
                .with("type", "hist_sync")
                .with("to", own.paired().orElseThrow().jid().withoutDevice()));
    }

    private void read(InputStream deflated, DeviceCredentials.Paired account) throws IOException, WireRefusal {
        Rows rows = new Rows();
        HistorySync rest = HistoryChunk.read(deflated, conversation -> {
            try {
                conversation(conversation, account, rows);
            } catch (IllegalArgumentException _) {
                // Nobody's conversation.
            }
        });
        for (HistorySync.PhoneNumberToLidMapping pair : rest.getPhoneNumberToLidMappingsList()) {
            rows.pair(pair.getLidJid(), pair.getPnJid());
        }
        for (HistorySync.Pushname name : rest.getPushnamesList()) {
            rows.name(name.getId(), KeptContacts.Source.PUSH, name.getPushname());
        }
        if (!rest.getNctSalt().isEmpty() && rest.getNctSalt().size() <= PrivacyTokenNotice.MAX_BYTES) {
            rows.add(book.notes().keep(KeptNotes.SALT, rest.getNctSalt().toByteArray(), clock.millis()));
        }
        rows.write();
    }

    private void conversation(Conversation conversation, DeviceCredentials.Paired account, Rows rows) {
        DeviceJid chat = DeviceJid.parse(conversation.getId()).withoutDevice();
        if (!chat.isPerson()) {
            votes.past(conversation, chat, account).forEach(rows::add);
            return;
        }
        rows.pair(conversation.getLidJid(), conversation.getId());
        rows.pair(conversation.getId(), conversation.getPnJid());
        DeviceJid person = people.filed(chat);
        int bytes = conversation.getTcToken().size();
        if (bytes > 0 && bytes <= PrivacyTokenNotice.MAX_BYTES) {
            rows.add(book.tokens()
                    .keep(person.text(), conversation.getTcToken().toByteArray(), conversation.getTcTokenTimestamp()));
        }
        if (conversation.getTcTokenSenderTimestamp() > 0) {
            rows.add(book.tokens().issued(person.text(), conversation.getTcTokenSenderTimestamp()));
        }
        if (book.contacts().name(person.text(), KeptContacts.Source.BOOK).isEmpty()) {
            rows.name(conversation.getId(), KeptContacts.Source.BOOK, conversation.getName());
        }
        votes.past(conversation, person, account).forEach(rows::add);
    }

    /** Rows on their way to the database, some hundred at a time. */
    private final class Rows {
        private KeyChanges changes = book.changes();
        private int count;

        void add(KeyChanges some) {
            changes.add(some);
            if (++count >= MAX_ROWS) {
                write();
            }
        }

        /** A pair, when both are addresses of a person and of their kinds. */
        void pair(String lid, String number) {
            if (lid.isEmpty() || number.isEmpty()) {
                return;
            }
            try {
                KeyChanges pair = book.changes();
                people.learn(DeviceJid.parse(lid), DeviceJid.parse(number), pair);
                add(pair);
            } catch (IllegalArgumentException _) {
                // No addresses.
            }
        }

        void name(String person, KeptContacts.Source source, String name) {
            if (name.isEmpty()) {
                return;
            }
            try {
                add(book.contacts()
                        .keep(
                                people.filed(DeviceJid.parse(person))
                                        .withoutDevice()
                                        .text(),
                                source,
                                name));
            } catch (IllegalArgumentException _) {
                // No address.
            }
        }

        void write() {
            if (!changes.isEmpty()) {
                book.write(changes);
            }
            changes = book.changes();
            count = 0;
        }
    }
}
