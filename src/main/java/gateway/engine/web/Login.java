package gateway.engine.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.PublicKeys;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.PreKeyBundle;

/** What a paired device and the server say to each other before the first message, and at the very end. */
final class Login {
    /** How many one-time pre-keys the server is given at once. */
    private static final int PRE_KEYS = 50;
    /** With fewer than these the server is given more. */
    private static final int MIN_PRE_KEYS = 10;
    /** How many stanzas may come before the server's word. */
    private static final int MAX_EARLY = 64;

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Book book;

    Login(Book book) {
        this.book = book;
    }

    /**
     * Logs in, hands over pre-keys when the server has few, and asks for what waits.
     *
     * @return what came before the server's word, in its order
     * @throws TimeoutException when the server does not answer within 20 s
     */
    List<Node> of(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        List<Node> early = accepted(open);
        topUp(known, open);
        open.request(Node.of("iq")
                .with("type", "set")
                .with("xmlns", "passive")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("active")));
        return early;
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
    private static List<Node> accepted(WebConnection open)
            throws ConnectionEnded, InterruptedException, TimeoutException {
        List<Node> early = new ArrayList<>();
        while (early.size() < MAX_EARLY) {
            Node stanza = open.next(ANSWER).orElseThrow(() -> new TimeoutException("no answer to the login"));
            if (stanza.is("success")) {
                return early;
            }
            early.add(stanza);
        }
        throw new TimeoutException("no answer to the login");
    }

    /** Hands the server new one-time pre-keys when it has few; the keys are on disk before. */
    private void topUp(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Node count = open.request(Node.of("iq")
                .with("type", "get")
                .with("xmlns", "encrypt")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("count")));
        if (count.requiredChild("count").number("value").orElse(0L) >= MIN_PRE_KEYS) {
            return;
        }
        KeyChanges changes = book.changes();
        List<PreKeyBundle.OneTime> keys = new ArrayList<>();
        int next = book.own().nextPreKey();
        for (int id = next; id < next + PRE_KEYS; id++) {
            CurvePair pair = CurvePair.draw(Dialer.RANDOM);
            changes.add(book.own().keepPreKey(id, pair));
            keys.add(new PreKeyBundle.OneTime(id, pair.known()));
        }
        book.write(changes);
        DeviceCredentials.SignedPreKey signed = known.signedPreKey();
        open.request(new PublicKeys(
                        known.registrationId(),
                        known.identity().known(),
                        signed.id(),
                        signed.pair().known(),
                        signed.signature(),
                        known.paired().orElseThrow().signedIdentity())
                .upload(keys));
    }
}
