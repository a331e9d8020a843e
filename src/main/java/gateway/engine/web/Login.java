package gateway.engine.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;

/** What a paired device and the server say to each other before the first message, and at the very end. */
final class Login {
    /** How many stanzas may come before the server's word. */
    private static final int MAX_EARLY = 64;

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private static final Duration KEPT_FOR_RETRIES = Duration.ofDays(14);
    /** How long votes in a poll can be read. */
    private static final Duration POLLS_KEPT = Duration.ofDays(90);

    private final PreKeyStock preKeys;

    Login(PreKeyStock preKeys) {
        this.preKeys = preKeys;
    }

    /**
     * The server's word that the device is logged in.
     *
     * @param success its stanza
     * @param early   what came before it, in order
     */
    record Accepted(Node success, List<Node> early) {
        /** The credentials with the own LID, which a server may tell only now. */
        DeviceCredentials learned(DeviceCredentials known) throws WireRefusal {
            Optional<DeviceJid> lid = success.jid("lid");
            DeviceCredentials.Paired account = known.paired().orElseThrow();
            return lid.isPresent() && account.lid().isEmpty() ? known.withPaired(account.withLid(lid.get())) : known;
        }
    }

    /**
     * Logs in, hands over pre-keys when the server has few, and asks for what waits.
     *
     * @throws TimeoutException when the server does not answer within 20 s
     */
    Accepted of(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Accepted accepted = accepted(open);
        preKeys.topUp(known, open);
        open.request(Node.of("iq")
                .with("type", "set")
                .with("xmlns", "passive")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("active")));
        return accepted;
    }

    /** What a login that was accepted with this version changes on disk. */
    static KeyChanges leaves(Book book, ClientVersion version, long now) {
        return book.outgoing()
                .dropTaken(now - KEPT_FOR_RETRIES.toMillis())
                .add(book.notes().dropOldHistory(now - KEPT_FOR_RETRIES.toMillis()))
                .add(book.polls().dropOld(now - POLLS_KEPT.toMillis()))
                .add(book.notes()
                        .keep(KeptNotes.CLIENT_VERSION, version.toString().getBytes(StandardCharsets.US_ASCII), now));
    }

    /**
     * Unlinks the device.
     *
     * @throws EngineRefusal when WhatsApp did not do it, or the connection went before its answer
     */
    static void undo(DeviceCredentials.Paired account, WebConnection open) {
        try {
            open.request(Node.of("iq")
                    .with("type", "set")
                    .with("xmlns", "md")
                    .with("to", DeviceJid.SERVER)
                    .holding(Node.of("remove-companion-device")
                            .with("jid", account.jid())
                            .with("reason", "user_initiated")));
        } catch (ConnectionEnded e) {
            if (!(e.end() instanceof End.LoggedOut)) {
                throw new EngineRefusal(Reason.NOT_CONNECTED, e.getMessage());
            }
        } catch (RequestRefused | TimeoutException e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp did not unlink the device: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
    }

    /** Waits for the server's word; what else came before it. */
    private static Accepted accepted(WebConnection open)
            throws ConnectionEnded, InterruptedException, TimeoutException {
        List<Node> early = new ArrayList<>();
        while (early.size() < MAX_EARLY) {
            Node stanza = open.next(ANSWER).orElseThrow(() -> new TimeoutException("no answer to the login"));
            if (stanza.is("success")) {
                return new Accepted(stanza, early);
            }
            early.add(stanza);
        }
        throw new TimeoutException("no answer to the login");
    }
}
