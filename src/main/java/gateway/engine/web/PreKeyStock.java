package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.PublicKeys;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.store.LeaseLost;
import gateway.store.StoreUnavailable;

/** The one-time pre-keys that the server has of this account: strangers need one each to write first. */
final class PreKeyStock {
    /** How many the server is given at once. */
    private static final int BATCH = 50;
    /** With fewer than these at a login the server is given more. */
    private static final int MIN = 10;
    /** The pauses between attempts after the server's warning. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));

    private final Book book;
    private final AtomicBoolean filling = new AtomicBoolean();
    /** -1 until the server has said it. */
    private final AtomicInteger left = new AtomicInteger(-1);

    PreKeyStock(Book book) {
        this.book = book;
    }

    /** How many the server has, as it said last; empty when it has said nothing. */
    OptionalInt left() {
        int known = left.get();
        return known < 0 ? OptionalInt.empty() : OptionalInt.of(known);
    }

    /** Asks how many are left, and hands over more when they are few. */
    void topUp(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Node count = open.request(Node.of("iq")
                .with("type", "get")
                .with("xmlns", "encrypt")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("count")));
        left.set(counted(count.requiredChild("count")));
        if (left.get() < MIN) {
            fill(known, open);
        }
    }

    /** The server warns that few are left: it is given more at once, aside, until it has them. */
    void low(int count, DeviceCredentials known, WebConnection open) {
        left.set(count);
        if (filling.compareAndSet(false, true)) {
            Thread.ofVirtual().name("web-pre-keys").start(() -> {
                try {
                    fillWithRetries(known, open);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ConnectionEnded | StoreUnavailable | LeaseLost e) {
                    // The next login counts them again.
                } finally {
                    filling.set(false);
                }
            });
        }
    }

    private void fillWithRetries(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, InterruptedException {
        for (Duration pause : PAUSES) {
            try {
                fill(known, open);
                return;
            } catch (RequestRefused | TimeoutException | WireRefusal e) {
                System.getLogger(PreKeyStock.class.getName())
                        .log(Level.WARNING, "WhatsApp did not take new one-time keys: {0}", e.getMessage());
                Thread.sleep(pause);
            }
        }
    }

    /** Hands over new keys; they are on disk before. */
    private void fill(DeviceCredentials known, WebConnection open)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        List<PreKeyBundle.OneTime> keys = draw();
        DeviceCredentials.SignedPreKey signed = known.signedPreKey();
        open.request(new PublicKeys(
                        known.registrationId(),
                        known.identity().known(),
                        signed.id(),
                        signed.pair().known(),
                        signed.signature(),
                        known.paired().orElseThrow().signedIdentity())
                .upload(keys));
        left.addAndGet(BATCH);
    }

    /** Draws new keys and stores them. A login and a warning may do so at once: each key has an id of its own. */
    private synchronized List<PreKeyBundle.OneTime> draw() {
        KeyChanges changes = book.changes();
        List<PreKeyBundle.OneTime> keys = new ArrayList<>();
        int next = book.own().nextPreKey();
        for (int id = next; id < next + BATCH; id++) {
            CurvePair pair = CurvePair.draw(Dialer.RANDOM);
            changes.add(book.own().keepPreKey(id, pair));
            keys.add(new PreKeyBundle.OneTime(id, pair.known()));
        }
        book.write(changes);
        return keys;
    }

    static int counted(Node count) throws WireRefusal {
        return Math.clamp(count.number("value").orElse(0L), 0, Integer.MAX_VALUE >> 1);
    }
}
