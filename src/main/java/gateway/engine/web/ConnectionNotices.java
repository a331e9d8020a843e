package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;

/** Takes what the server says of the connection itself: {@code ib} stanzas, and how many pre-keys are left. */
final class ConnectionNotices {
    /** Longer routing information is no server's. */
    private static final int MAX_ROUTING_BYTES = 1_024;
    /** How many of the waiting stanzas the server may send without a further word. */
    private static final int OFFLINE_BATCH = 100;

    private static final String ACCOUNT_DATA = "account_sync";

    private final Book book;
    private final PreKeyStock preKeys;
    private final Consumer<UnaryOperator<DeviceCredentials>> credentials;
    private final InstantSource clock;

    /** @param credentials keeps a change of them */
    ConnectionNotices(
            Book book,
            PreKeyStock preKeys,
            Consumer<UnaryOperator<DeviceCredentials>> credentials,
            InstantSource clock) {
        this.book = book;
        this.preKeys = preKeys;
        this.credentials = credentials;
        this.clock = clock;
    }

    void take(Node stanza, WebConnection connection, Drafts drafts) throws WireRefusal {
        Optional<Node> routing = stanza.child("edge_routing").flatMap(edge -> edge.child("routing_info"));
        if (routing.isPresent()) {
            byte[] bytes = routing.get().bytes();
            if (bytes.length <= MAX_ROUTING_BYTES) {
                // The first bytes of the next connection tell the server's own network.
                drafts.after.add(() -> credentials.accept(
                        known -> Arrays.equals(known.routing(), bytes) ? known : known.withRouting(bytes)));
            }
        }
        if (stanza.child("offline_preview").isPresent()) {
            drafts.answers.add(Node.of("ib").holding(Node.of("offline_batch").with("count", OFFLINE_BATCH)));
        }
        Optional<Node> dirty = stanza.child("dirty");
        if (dirty.isPresent()) {
            cleaned(dirty.get(), connection, drafts);
        }
        if (stanza.child("downgrade_webclient").isPresent()) {
            System.getLogger(ConnectionNotices.class.getName())
                    .log(Level.WARNING, "the phone does not know linked devices; update WhatsApp on the phone");
        }
    }

    /** Tells the server that the data which it calls changed is known; of account data, up to which time. */
    private void cleaned(Node dirty, WebConnection connection, Drafts drafts) throws WireRefusal {
        String type = dirty.attribute("type").orElse("");
        Node clean = Node.of("clean").with("type", type);
        if (type.equals(ACCOUNT_DATA)) {
            Optional<String> before =
                    book.notes().find(KeptNotes.CLEAN_UNTIL).map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
            if (before.isPresent()) {
                clean = clean.with("timestamp", before.get());
            }
            dirty.number("timestamp")
                    .ifPresent(time -> drafts.changes.add(book.notes()
                            .keep(
                                    KeptNotes.CLEAN_UNTIL,
                                    Long.toString(time).getBytes(StandardCharsets.US_ASCII),
                                    clock.millis())));
        }
        drafts.answers.add(Node.of("iq")
                .with("type", "set")
                .with("xmlns", "urn:xmpp:whatsapp:dirty")
                .with("to", DeviceJid.SERVER)
                .with("id", connection.nextId())
                .holding(clean));
    }

    /** The server counts the account's pre-keys. */
    void preKeys(Node stanza, DeviceCredentials own, WebConnection connection, Drafts drafts) throws WireRefusal {
        Optional<Node> count = stanza.child("count");
        if (count.isPresent()
                && stanza.jid("from").filter(DeviceJid.SERVER::equals).isPresent()) {
            int left = PreKeyStock.counted(count.get());
            drafts.after.add(() -> preKeys.low(left, own, connection));
        }
    }
}
