package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.PasskeyStep;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.pairing.PasskeyExchange;
import gateway.engine.web.pairing.PasskeyStanzas;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.Answers;

/** The passkey step of one linking (web-1 §4.5), from the phone's demand to the keys that the phone gets. */
final class PasskeyLinking implements PasskeyStep {
    private static final System.Logger LOG = System.getLogger(PasskeyLinking.class.getName());
    /** How long after the demand an answer shows that it comes from the device that the phone has scanned. */
    private static final Duration HANDOFF = Duration.ofMinutes(5);

    private final WebConnection connection;
    private final ClientProfile profile;
    private final InstantSource clock;
    private final Supplier<DeviceCredentials> own;
    private final Consumer<DeviceCredentials> renewed;
    /** Changed under the lock; read without it, because an exchange with the server holds the lock. */
    private volatile Stage stage = new Stage.Idle(Optional.empty());

    /** @param renewed is given the credentials with a new secret at each demand: the old one was in the scanned code */
    PasskeyLinking(
            WebConnection connection,
            ClientProfile profile,
            InstantSource clock,
            Supplier<DeviceCredentials> own,
            Consumer<DeviceCredentials> renewed) {
        this.connection = connection;
        this.profile = profile;
        this.clock = clock;
        this.own = own;
        this.renewed = renewed;
    }

    /** Where the exchange stands. */
    private sealed interface Stage {
        record Idle(Optional<String> problem) implements Stage {}

        record Asked(String options, byte[] handoffKey, long at) implements Stage {}

        record Answered(PasskeyExchange exchange, boolean proven) implements Stage {}

        record Shown(String code, byte[] key, boolean proven) implements Stage {}

        record Confirmed(String code) implements Stage {}
    }

    /** Takes a stanza of the step; false for any other stanza. */
    boolean take(Node stanza) throws Exception {
        if (PasskeyStanzas.isRequest(stanza)) {
            connection.send(Answers.ack(stanza));
            demanded(stanza);
            return true;
        }
        if (PasskeyStanzas.isPhonesPart(stanza)) {
            connection.send(Answers.ack(stanza));
            continued(stanza);
            return true;
        }
        return false;
    }

    private synchronized void demanded(Node stanza) throws Exception {
        String options;
        try {
            options = PasskeyStanzas.options(stanza);
        } catch (WireRefusal e) {
            LOG.log(Level.INFO, "{0}; they are asked for", e.getMessage());
            try {
                options = PasskeyStanzas.options(connection.request(PasskeyStanzas.optionsQuestion()));
            } catch (WireRefusal | RequestRefused | TimeoutException again) {
                fail("WhatsApp demands a passkey and does not say which: " + again.getMessage());
                return;
            }
        }
        DeviceCredentials before = own.get();
        renewed.accept(before.withNewAdvSecret(Dialer.RANDOM));
        stage = new Stage.Asked(options, PasskeyExchange.handoffKey(before.advSecret()), clock.millis());
    }

    private synchronized void continued(Node stanza) throws Exception {
        if (!(stage instanceof Stage.Answered(PasskeyExchange exchange, boolean proven))) {
            LOG.log(Level.WARNING, "the phone goes on with a passkey step that is not under way");
            return;
        }
        try {
            PasskeyStanzas.PhonesPart part = PasskeyStanzas.phonesPart(stanza);
            byte[] key = exchange.encryptionKey(part.ephemeral());
            connection.request(PasskeyStanzas.nonce(exchange));
            stage = new Stage.Shown(exchange.confirmationCode(part.ephemeral(), part.nonce()), key, proven);
            if (proven) {
                send((Stage.Shown) stage);
            }
        } catch (WireRefusal | RequestRefused | TimeoutException e) {
            fail("the passkey step failed: " + e.getMessage());
        }
    }

    private void fail(String problem) {
        LOG.log(Level.WARNING, problem);
        stage = new Stage.Idle(Optional.of(problem));
    }

    @Override
    public State state() {
        return switch (stage) {
            case Stage.Idle(Optional<String> problem) -> new State.None(problem);
            case Stage.Asked asked -> new State.AwaitingResponse(asked.options());
            case Stage.Answered _ -> new State.None(Optional.empty());
            case Stage.Shown shown -> new State.AwaitingConfirmation(shown.code(), shown.proven());
            case Stage.Confirmed confirmed -> new State.AwaitingConfirmation(confirmed.code(), true);
        };
    }

    /** Whether the phone waits for the step's end; a code to be scanned would be no use. */
    boolean isUnderWay() {
        return !(stage instanceof Stage.Idle) && connection.end().isEmpty();
    }

    @Override
    public synchronized void respond(Assertion assertion) {
        if (!(stage instanceof Stage.Asked asked)) {
            throw PasskeyStep.nothingAsked();
        }
        Optional<byte[]> handoffKey =
                Optional.of(asked.handoffKey()).filter(key -> clock.millis() - asked.at() < HANDOFF.toMillis());
        asking("the passkey's answer", () -> {
            String ref = PasskeyStanzas.ref(connection.request(PasskeyStanzas.refQuestion()));
            PasskeyExchange exchange = PasskeyExchange.draw(profile, ref, Dialer.RANDOM);
            connection.request(PasskeyStanzas.prologue(exchange, assertion, handoffKey));
            // The lock is still held: the phone's part is taken after this.
            stage = new Stage.Answered(exchange, handoffKey.isPresent());
        });
    }

    @Override
    public synchronized void confirm() {
        if (stage instanceof Stage.Confirmed) {
            return;
        }
        if (!(stage instanceof Stage.Shown shown)) {
            throw PasskeyStep.nothingToConfirm();
        }
        asking("the confirmation", () -> send(shown));
    }

    private void send(Stage.Shown shown)
            throws RequestRefused, ConnectionEnded, TimeoutException, InterruptedException {
        connection.request(PasskeyStanzas.pairing(shown.key(), own.get(), Dialer.RANDOM));
        stage = new Stage.Confirmed(shown.code());
    }

    /** The linking's end: what the person would still do can no longer reach the phone. */
    synchronized void ended(boolean linked) {
        if (!linked && !(stage instanceof Stage.Idle)) {
            fail("the connection ended before the phone had linked this device; begin anew");
        }
    }

    private interface Question {
        void ask() throws RequestRefused, ConnectionEnded, TimeoutException, InterruptedException, WireRefusal;
    }

    private static void asking(String what, Question question) {
        try {
            question.ask();
        } catch (RequestRefused e) {
            throw new EngineRefusal(Reason.REJECTED, "WhatsApp refuses " + what + ": " + e.getMessage());
        } catch (ConnectionEnded | TimeoutException | WireRefusal e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp did not take " + what + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.TRY_LATER, "the connection is being closed");
        }
    }
}
