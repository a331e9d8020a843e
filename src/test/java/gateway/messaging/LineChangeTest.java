package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.engine.ToldEngine;
import gateway.process.Workers;
import gateway.store.Database;
import gateway.store.Store;

/**
 * An account whose line ends and begins anew: callers in between are told to come again, and the account never stays
 * without one.
 */
class LineChangeTest {
    private static final String DEVICE = "default";

    @TempDir
    Path directory;

    private final ToldEngine told = new ToldEngine();
    private final Fragile fragile = new Fragile();
    private Store store;
    private Accounts accounts;

    /** An engine whose state can be out of reach, and that can take its time. */
    private final class Fragile implements Engine {
        private final CompletableFuture<Void> asked = new CompletableFuture<>();
        private volatile CompletableFuture<Void> slow = CompletableFuture.completedFuture(null);
        private volatile boolean away;

        @Override
        public String name() {
            return "fragile";
        }

        private void reach() {
            if (away) {
                throw new UncheckedIOException(new java.io.IOException("out of reach"));
            }
        }

        @Override
        public Session open(String device, Store state, Events events) {
            reach();
            return told.open(device, state, events);
        }

        @Override
        public void forget(String device, Store state) {
            asked.complete(null);
            slow.join();
            reach();
        }

        @Override
        public Optional<Jid> account(String device, Store state) {
            return told.account(device, state);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        var engines = new EngineDirectory() {
            @Override
            public String usual() {
                return "fragile";
            }

            @Override
            public List<String> names() {
                return List.of("fragile", ToldEngine.NAME);
            }

            @Override
            public Optional<Engine> find(String name) {
                return Optional.of(name.equals("fragile") ? fragile : told);
            }
        };
        accounts = new Accounts(
                store,
                engines,
                new Outbox(store, InstantSource.system(), Duration.ZERO),
                EventSink.NONE,
                InstantSource.system(),
                AutoActions.NONE,
                Pacing.NONE,
                new Workers());
        accounts.open(DEVICE);
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    private Optional<Reason> refusal() {
        return accounts.unserved(DEVICE).map(EngineRefusal::reason);
    }

    @Test
    void aLineThatCannotBeOpenedAgainIsTriedUntilItCan() {
        fragile.away = true;
        assertThrows(UncheckedIOException.class, () -> accounts.change(DEVICE, ToldEngine.NAME));
        assertEquals(Optional.of(Reason.TRY_LATER), refusal());
        assertTrue(accounts.only().isPresent(), "the account is there all the same");
        fragile.away = false;
        await().atMost(Duration.ofSeconds(20)).until(() -> refusal().isEmpty());
        assertEquals("fragile", accounts.list().getFirst().engine(), "nothing was changed");
        assertTrue(accounts.change(DEVICE, ToldEngine.NAME));
        assertEquals(ToldEngine.NAME, accounts.list().getFirst().engine());
    }

    @Test
    void whoAsksDuringAChangeIsToldToComeAgain() {
        fragile.slow = new CompletableFuture<>();
        var change = CompletableFuture.supplyAsync(() -> accounts.change(DEVICE, ToldEngine.NAME));
        fragile.asked.join();
        assertEquals(Optional.of(Reason.TRY_LATER), refusal());
        var session = accounts.session(DEVICE).orElseThrow();
        assertEquals(
                Reason.TRY_LATER,
                assertThrows(EngineRefusal.class, session::pair).reason());
        assertEquals(
                Reason.TRY_LATER,
                assertThrows(EngineRefusal.class, () -> accounts.change(DEVICE, "fragile"))
                        .reason());
        assertEquals(
                Reason.TRY_LATER,
                assertThrows(EngineRefusal.class, () -> accounts.remove(DEVICE)).reason());
        fragile.slow.complete(null);
        assertTrue(change.join());
        told.pair(DEVICE, Jid.ofPhone("6281111111111"));
        assertTrue(accounts.status(DEVICE).orElseThrow().loggedIn());
    }

    @Test
    void anAccountThatIsHeldDuringAChangeIsNotOpenedByIt() {
        fragile.slow = new CompletableFuture<>();
        var change = CompletableFuture.supplyAsync(() -> accounts.change(DEVICE, ToldEngine.NAME));
        fragile.asked.join();
        told.pair(DEVICE, Jid.ofPhone("6281111111111"));
        var holds = new HoldBook(store, InstantSource.system(), (act, by, device, reason, done) -> {});
        holds.hold(DEVICE, "a change is under way", "cli:ada");
        fragile.slow.complete(null);
        assertTrue(change.join());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> accounts.hold(DEVICE).isPresent()
                        && holds.find(DEVICE).orElseThrow().stoppedAt() > 0);
        assertFalse(told.isOpen(DEVICE));
        assertEquals(
                "6281111111111",
                accounts.status(DEVICE).orElseThrow().account().orElseThrow().user(),
                "the new engine's address");
        assertFalse(accounts.change(DEVICE, "fragile"), "a held account has no line to change");
        holds.release(DEVICE, "cli:ada");
        await().atMost(Duration.ofSeconds(20)).until(() -> accounts.hold(DEVICE).isEmpty());
        assertTrue(told.isOpen(DEVICE));
    }

    @Test
    void aRemovedAccountHasNoLine() {
        assertTrue(accounts.remove(DEVICE));
        assertTrue(accounts.session(DEVICE).isEmpty());
        assertFalse(accounts.remove(DEVICE));
        assertTrue(accounts.create(DEVICE, ToldEngine.NAME));
        assertTrue(refusal().isEmpty());
    }
}
