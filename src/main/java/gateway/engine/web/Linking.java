package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session.PairingCode;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.CodeLink;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.pairing.PairDevice;
import gateway.engine.web.pairing.PairSuccess;
import gateway.engine.web.pairing.PairingQr;
import gateway.engine.web.pairing.RefTurns;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.Answers;
import gateway.store.FailPoint;

/** One attempt to link this device to a phone: an unpaired connection, and the codes that it shows. */
final class Linking implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Linking.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIFE = Duration.ofMinutes(5);
    /** How long the person may take for the passkey step. */
    private static final Duration PASSKEY_LIFE = Duration.ofMinutes(10);

    private final Dialer dialer;
    private final Consumer<DeviceCredentials> paired;
    private final Runnable done;
    private final WebConnection connection;
    private final RefTurns refs;
    private final long begun;
    private volatile DeviceCredentials own;
    private final PasskeyLinking passkey;
    private volatile @Nullable CodeLink code;
    private volatile byte[] codeRef = new byte[0];

    /**
     * Opens the connection, and waits for the server's codes.
     *
     * @param paired stores the credentials of a phone's agreement; it runs before the phone is answered
     * @param done   runs when the connection has ended; a login before that would be refused
     */
    Linking(Dialer dialer, Consumer<DeviceCredentials> paired, Runnable done) {
        this.dialer = dialer;
        this.done = done;
        this.paired = paired;
        this.own = DeviceCredentials.draw(Dialer.RANDOM);
        try {
            connection = dialer.unpaired(own);
            PairDevice offer = PairDevice.of(connection
                            .next(PATIENCE)
                            .orElseThrow(() -> new EngineRefusal(Reason.TRY_LATER, "WhatsApp offers no code")))
                    .orElseThrow(() -> new EngineRefusal(Reason.TRY_LATER, "WhatsApp offers no code"));
            connection.send(offer.answer());
            refs = new RefTurns(offer.refs());
            begun = System.nanoTime();
            passkey = new PasskeyLinking(
                    connection, dialer.profile(), dialer.clock(), () -> own, renewed -> own = renewed);
        } catch (ConnectionEnded | WireRefusal e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp cannot be reached: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.TRY_LATER, "the connection is being closed");
        }
        Thread.ofVirtual().name("web-linking").start(this::listen);
    }

    /** The code to be shown now; empty when the connection has ended, or every ref has had its turn. */
    Optional<PairingCode> current() {
        return connection.end().isPresent()
                ? Optional.empty()
                : refs.at(Duration.ofNanos(System.nanoTime() - begun))
                        .map(turn -> new PairingCode(PairingQr.text(turn.ref(), own, dialer.profile()), turn.left()));
    }

    /** The passkey step, should the phone demand one. */
    PasskeyLinking passkey() {
        return passkey;
    }

    /** A code for the person who holds the phone of that number. */
    String code(String phone) {
        try {
            CodeLink link = CodeLink.begin(phone, Dialer.RANDOM);
            codeRef = CodeLink.ref(connection.request(link.hello(own, dialer.profile(), Dialer.RANDOM)));
            code = link;
            return gateway.engine.web.pairing.PairingCode.shown(link.code());
        } catch (IllegalArgumentException e) {
            throw new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "the number " + e.getMessage());
        } catch (ConnectionEnded | RequestRefused | TimeoutException | WireRefusal e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp gives no code: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.TRY_LATER, "the connection is being closed");
        }
    }

    private void listen() {
        long ends = System.nanoTime() + LIFE.toNanos();
        try (connection) {
            while (ends - System.nanoTime() > 0) {
                var stanza = connection.next(Duration.ofSeconds(1));
                if (stanza.isPresent()) {
                    if (passkey.take(stanza.get())) {
                        ends = System.nanoTime() + PASSKEY_LIFE.toNanos();
                    } else {
                        take(stanza.get());
                    }
                }
            }
        } catch (ConnectionEnded e) {
            LOG.log(Level.DEBUG, "a linking ended: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "a linking failed: {0}", e.getMessage());
        } finally {
            passkey.ended(own.paired().isPresent());
            done.run();
        }
    }

    private void take(Node stanza) throws Exception {
        if (CodeLink.isPhonesPart(stanza) && code != null) {
            connection.send(Answers.ack(stanza));
            CodeLink.Finish finish = code.finish(stanza, codeRef, own, Dialer.RANDOM);
            own = finish.credentials();
            connection.request(finish.request());
            return;
        }
        var success = PairSuccess.of(stanza);
        if (success.isEmpty()) {
            return;
        }
        PairSuccess.Linked linked;
        try {
            linked = success.get().accept(own, Dialer.RANDOM);
        } catch (WireRefusal e) {
            connection.send(success.get().refusal(e));
            throw e;
        }
        paired.accept(linked.credentials());
        own = linked.credentials();
        FailPoint.reach("web-paired");
        connection.send(linked.answer());
    }

    @Override
    public void close() {
        connection.close();
    }
}
