package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.book.OutgoingMessages;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.message.StanzaKind;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.IncomingReceipt;
import gateway.engine.web.receive.PreKeyBundles;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.SessionCipher;
import gateway.store.FailPoint;
import gateway.store.LeaseLost;
import gateway.store.StoreUnavailable;

/**
 * Answers devices that could not open a message, in sessions opened anew. The answer's bytes are on disk with the new
 * key state before the first of them leaves, and the question is acknowledged after them: a question that comes again,
 * after a crash or a cut connection, is answered with the same bytes.
 */
final class Retries {
    private static final System.Logger LOG = System.getLogger(Retries.class.getName());
    /** Questions 1 to 4 for one message are answered; then the device is left alone (web-2 §1.8). */
    private static final int MAX_ATTEMPT = 4;
    /**
     * Questions that may wait for their turn. A server that sends more gets no acknowledgement of them, and sends them
     * again later.
     */
    private static final int MAX_WAITING = 256;

    private final Book book;
    private final KeyRoom room;
    private final People people;
    private final Sending sending;
    private final Identities identities;
    private final RandomGenerator random;
    private final InstantSource clock;
    /** One question at a time: the same one may come by two connections. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    Retries(
            Book book,
            KeyRoom room,
            People people,
            Sending sending,
            Identities identities,
            RandomGenerator random,
            InstantSource clock) {
        this.book = book;
        this.room = room;
        this.people = people;
        this.sending = sending;
        this.identities = identities;
        this.random = random;
        this.clock = clock;
    }

    /** Answers a retry receipt aside, so that the next stanzas need not wait, and acknowledges it. */
    void take(Node receipt, List<IncomingReceipt> asked, DeviceCredentials own, WebConnection connection) {
        if (!waiting.tryAcquire()) {
            LOG.log(
                    Level.INFO,
                    "{0} devices wait for an answer; a further one is answered when it asks anew",
                    MAX_WAITING);
            return;
        }
        Thread.ofVirtual().name("web-retry").start(() -> {
            try {
                answered(receipt, asked, own, connection);
                connection.send(Answers.ack(receipt));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ConnectionEnded | RequestRefused | TimeoutException | StoreUnavailable | LeaseLost passing) {
                LOG.log(
                        Level.INFO,
                        "a device that asks for a message again is answered when it asks anew: {0}",
                        passing.toString());
            } catch (WireRefusal | RuntimeException fault) {
                LOG.log(Level.WARNING, "a retry receipt cannot be acknowledged: {0}", fault.toString());
            } finally {
                waiting.release();
            }
        });
    }

    private void answered(Node receipt, List<IncomingReceipt> asked, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException {
        turn.lockInterruptibly();
        try {
            OptionalInt attempt = attempt(receipt);
            for (IncomingReceipt device : attempt.isPresent() ? asked : List.<IncomingReceipt>of()) {
                answer(receipt, device.sender(), attempt.getAsInt(), own, connection);
            }
        } catch (StoreUnavailable | LeaseLost passing) {
            throw passing;
        } catch (WireRefusal | RuntimeException fault) {
            LOG.log(Level.WARNING, "a device that asks for a message again cannot be answered: {0}", fault.toString());
        } finally {
            turn.unlock();
        }
    }

    /**
     * The number of a question for one message, from 1: every number is answered once, and its answer kept, so a peer
     * must not be able to choose any number it likes.
     *
     * @return 1 when the receipt has none or no number; empty when the question is not answered
     */
    static OptionalInt attempt(Node receipt) {
        long count;
        try {
            Optional<Node> retry = receipt.child("retry");
            count = retry.isPresent() ? retry.get().number("count").orElse(1L) : 1;
        } catch (WireRefusal e) {
            count = 1;
        }
        return count >= 1 && count <= MAX_ATTEMPT ? OptionalInt.of((int) count) : OptionalInt.empty();
    }

    /** Answers one device. Only devices that the message was meant for are answered: the recipient's and our own. */
    private void answer(Node receipt, DeviceJid from, int attempt, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        String id = receipt.required("id");
        Optional<OutgoingMessages.Outgoing> kept = book.outgoing().find(id);
        if (kept.isEmpty()) {
            return;
        }
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        DeviceJid device = people.filed(from);
        boolean ours = device.isSamePerson(account.jid())
                || account.lid().filter(device::isSamePerson).isPresent();
        if (!ours
                && !device.isSamePerson(people.filed(DeviceJid.parse(kept.get().chat())))) {
            LOG.log(Level.INFO, "a device that message {0} was not meant for asks for it, and is not answered", id);
            return;
        }
        String question = "retry " + attempt + " of " + id + " for " + device.text();
        Optional<byte[]> stored = book.outgoing().answer(question);
        byte[] stanza;
        if (stored.isPresent()) {
            stanza = stored.get();
        } else {
            Optional<PreKeyBundle> bundle = receipt.child("keys").isPresent()
                    ? Optional.of(PreKeyBundles.read(receipt))
                    : Optional.ofNullable(
                            Sending.bundles(List.of(device), connection).get(device));
            Optional<byte[]> sealed = sealed(question, id, kept.get(), device, ours, bundle, attempt, own);
            if (sealed.isEmpty()) {
                return;
            }
            stanza = sealed.get();
        }
        FailPoint.reach("web-again");
        connection.sendPlain(stanza);
    }

    /**
     * The bytes of an answer, once they are on disk; nothing when there is neither a session nor a bundle that opens
     * one.
     */
    private Optional<byte[]> sealed(
            String question,
            String id,
            OutgoingMessages.Outgoing kept,
            DeviceJid device,
            boolean ours,
            Optional<PreKeyBundle> bundle,
            int attempt,
            DeviceCredentials own)
            throws WireRefusal {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        byte[] message = ours ? DeviceSent.wrap(kept.chat(), kept.message()).orElse(kept.message()) : kept.message();
        StanzaKind kind = StanzaKind.of(kept.message());
        CompletableFuture<Boolean> written;
        byte[] stanza;
        room.lock.lock();
        try {
            KeyChanges changes = book.changes();
            List<Runnable> saved = new ArrayList<>();
            if (bundle.isPresent()) {
                room.moved(
                        device.text(),
                        SessionCipher.open(room.session(device.text()), own.local(), bundle.get(), random));
                identities.opened(device, bundle.get().identity(), changes, saved);
            }
            Optional<Node> enc = sending.encrypt(device, message, own, Optional.empty(), kind, changes, saved);
            if (enc.isEmpty()) {
                return Optional.empty();
            }
            List<Node> parts = new ArrayList<>(List.of(enc.get().with("count", attempt)));
            if (enc.get().has("type", "pkmsg")) {
                parts.add(Node.of("device-identity").holding(account.signedIdentity()));
            }
            if (!ours) {
                sending.attached(device.withoutDevice()).ifPresent(parts::add);
            }
            Node answer = Node.of("message")
                    .with("id", id)
                    .with("to", device)
                    .with("type", kind.type())
                    .with("device_fanout", "false");
            if (kind.edit().isPresent()) {
                answer = answer.with("edit", kind.edit().get());
            }
            if (ours) {
                answer = answer.with("recipient", DeviceJid.parse(kept.chat()));
            }
            stanza = NodeEncoder.encode(answer.holding(parts));
            changes.add(book.outgoing().keepAnswer(question, kept.chat(), stanza, clock.millis()));
            written = book.writeLater(changes);
            written.thenRun(() -> saved.forEach(Runnable::run));
        } finally {
            room.lock.unlock();
        }
        Sending.join(written);
        return Optional.of(stanza);
    }
}
