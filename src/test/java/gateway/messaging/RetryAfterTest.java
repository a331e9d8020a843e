package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.store.Database;
import gateway.store.Store;

/** A message is not offered again before the time that WhatsApp named, and not later than a day. */
class RetryAfterTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"600, 600, 600", "0, 0, 2", "9223372036854775807, 86400, 86400"})
    void theTimeThatWhatsAppNamedIsKept(long named, long least, long most) {
        var engine = new ScriptedEngine();
        engine.refusals.add(new EngineRefusal(Reason.TRY_LATER, "slow down", Optional.of(Duration.ofSeconds(named))));
        try (var store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")))) {
            var outbox = new Outbox(store, InstantSource.system(), Duration.ZERO);
            try (var accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system())) {
                accounts.open("default");
                outbox.send("default", ScriptedEngine.SELF, ANN, new Content.Text("hello", Content.Options.NONE));
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> store.number("SELECT max(attempts) FROM outbox") > 0);
                long now = System.currentTimeMillis();
                long wait = store.number("SELECT max(due_at) FROM outbox") - now;
                assertTrue(
                        wait > TimeUnit.SECONDS.toMillis(least) - 9_000 && wait <= TimeUnit.SECONDS.toMillis(most),
                        "waits " + wait);
            }
        }
    }
}
