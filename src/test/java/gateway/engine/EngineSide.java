package gateway.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.engine.sandbox.SandboxEngine;
import gateway.engine.sandbox.SandboxSession;
import gateway.engine.web.WebEngine;
import gateway.secret.SecretCodec;
import gateway.store.Database;
import gateway.store.Store;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** An engine with one account, and the WhatsApp behind it: the person with the phone, and somebody who writes. */
abstract class EngineSide implements AutoCloseable {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";
    private static final String DEVICE = "default";

    /** The store's keys are another room's matter. */
    static final SecretCodec CLEAR = new SecretCodec() {
        @Override
        public String seal(String owner, String secret) {
            return secret;
        }

        @Override
        public String open(String owner, String sealed) {
            return sealed;
        }

        @Override
        public Optional<String> renewed(String owner, String stored) {
            return Optional.empty();
        }
    };

    final Store store;
    private final Heard told;
    private final Engine engine;
    Session session;

    enum Kind {
        SANDBOX,
        WEB,
        TOLD
    }

    private EngineSide(Path directory, Engine engine) {
        this.store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        store.write(
                tx -> tx.insert("INSERT INTO device (id, engine, created_at) VALUES (?, ?, 1)", DEVICE, engine.name()));
        var away = Store.open(new Database.Sqlite(directory.resolve("away.db")));
        away.close();
        this.told = new Heard(store, away);
        this.engine = engine;
        this.session = engine.open(DEVICE, store, told);
    }

    static EngineSide open(Kind kind, Path directory) throws Exception {
        return switch (kind) {
            case SANDBOX -> new Sandbox(directory);
            case WEB -> new Web(directory, new Twin(0));
            case TOLD -> new Told(directory, new ToldEngine());
        };
    }

    /** The session, once the account is paired and its line is up. */
    Session paired() {
        link();
        await().atMost(Duration.ofSeconds(40)).until(() -> session.status().connected());
        return session;
    }

    final Session openAgain() {
        session = engine.open(DEVICE, store, told);
        opened();
        return session;
    }

    /** WhatsApp sees that the account has a line again. */
    void opened() {}

    final void forget() {
        engine.forget(DEVICE, store);
    }

    /** The account's own address, as its stored state has it. */
    final Optional<Jid> account() {
        return engine.account(DEVICE, store);
    }

    final Heard told() {
        return told;
    }

    final Jid peer() {
        return Jid.ofPhone(PEER);
    }

    /** The person links the account with the phone. */
    abstract void link();

    /** How often the peer was shown the message. */
    abstract long shown(String id, String text);

    /** The peer writes. */
    abstract void bring(String text);

    /** The peer writes while the account has no line. */
    void bringWhileAway(String text) {
        bring(text);
    }

    @Override
    public void close() throws Exception {
        session.close();
        engine.close();
        store.close();
    }

    private static final class Sandbox extends EngineSide {
        Sandbox(Path directory) {
            super(directory, new SandboxEngine(new MediaFiles(directory.resolve("media")), InstantSource.system()));
        }

        private SandboxSession sandbox() {
            return (SandboxSession) session;
        }

        @Override
        void link() {
            session.pair();
            sandbox().scan();
        }

        @Override
        long shown(String id, String text) {
            return store.number("SELECT count(*) FROM sandbox_ledger WHERE wire_id = ?", id);
        }

        @Override
        void bring(String text) {
            sandbox().scenario().receive(peer(), peer(), "Peer", new Content.Text(text, Content.Options.NONE), false);
        }
    }

    private static final class Web extends EngineSide {
        private final Twin twin;
        private final TwinControl control;

        Web(Path directory, Twin twin) {
            super(
                    directory,
                    new WebEngine(
                            Optional.of(URI.create(twin.webSocket())),
                            Optional.of(twin.rootKey()),
                            "Chrome",
                            Optional.empty(),
                            Optional.empty(),
                            AccountProxies.PUBLIC,
                            CLEAR,
                            InstantSource.system()));
            this.twin = twin;
            this.control = new TwinControl(twin);
            control.post("/phones", Map.of("number", OWN));
            control.post("/phones", Map.of("number", PEER));
        }

        @Override
        void link() {
            control.post("/phones/" + OWN + "/scan", Map.of("qr", session.pair().text()));
        }

        @Override
        long shown(String id, String text) {
            return control.shown(PEER, text);
        }

        @Override
        void bring(String text) {
            control.send(PEER, OWN, text);
        }

        @Override
        public void close() throws Exception {
            super.close();
            twin.close();
        }
    }

    private static final class Told extends EngineSide {
        private final ToldEngine engine;
        private final List<String> waiting = new ArrayList<>();

        Told(Path directory, ToldEngine engine) {
            super(directory, engine);
            this.engine = engine;
        }

        @Override
        void link() {
            engine.pair(DEVICE, Jid.ofPhone(OWN));
        }

        @Override
        long shown(String id, String text) {
            return engine.shown(DEVICE, id);
        }

        /** As WhatsApp does with a call that was not answered well: it calls again. */
        @Override
        void bring(String text) {
            assertTrue(call(text) || call(text), "it was taken the second time");
        }

        private boolean call(String text) {
            return engine.bring(
                    DEVICE,
                    new Event.Message(
                            MessageId.next(),
                            peer(),
                            peer(),
                            false,
                            "Peer",
                            new Content.Text(text, Content.Options.NONE),
                            42));
        }

        @Override
        void bringWhileAway(String text) {
            assertTrue(!call(text), "nobody is there to take it");
            waiting.add(text);
        }

        @Override
        void opened() {
            waiting.forEach(this::bring);
            waiting.clear();
        }
    }
}
