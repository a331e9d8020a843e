package gateway.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.EngineRefusal.Reason;
import gateway.engine.EngineSide.Kind;

/** What every engine promises, whatever WhatsApp is behind it. */
@Timeout(120)
class EngineContractTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private static Content.Text text(String words) {
        return new Content.Text(words, Content.Options.NONE);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aMessageThatIsHandedOverTwiceIsShownOnce(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            var session = side.paired();
            var id = MessageId.next();
            var first = session.send(id, side.peer(), text("once"));
            var second = session.send(id, side.peer(), text("once"));
            assertEquals(first.wireId(), second.wireId());
            session.send(MessageId.next(), side.peer(), text("other"));
            assertEquals(1, side.shown(id, "once"));
        }
    }

    /** Whoever hands over a message for the first time may be wrong about that: the same bytes go, whatever it says. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aMessageThatIsWronglySaidToBeTheFirstTimeIsShownOnce(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            var session = side.paired();
            var id = MessageId.next();
            var first = session.sendFirst(id, side.peer(), text("once"));
            var second = session.sendFirst(id, side.peer(), text("once"));
            // Each acknowledgement has a time of its own, in whole seconds.
            assertEquals(first.wireId(), second.wireId());
            var third = session.send(id, side.peer(), text("once"));
            assertEquals(first.wireId(), third.wireId());
            session.sendFirst(MessageId.next(), side.peer(), text("other"));
            assertEquals(1, side.shown(id, "once"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatWasNotStoredIsToldAgain(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            side.paired();
            side.told().refuseOnce();
            side.bring("not stored the first time");
            await().atMost(LONG).until(() -> side.told().words().contains("not stored the first time"));
            assertTrue(side.told().refused(), "it was refused the first time");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aFacetIsThereOrIsRefusedAsUnsupported(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            var session = side.paired();
            for (Supplier<Object> facet : List.<Supplier<Object>>of(
                    session::contacts,
                    session::groups,
                    session::newsletters,
                    session::profile,
                    session::marks,
                    session::presence)) {
                try {
                    assertNotNull(facet.get());
                } catch (EngineRefusal refusal) {
                    assertEquals(Reason.UNSUPPORTED, refusal.reason());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void howTheLineStandsIsSaidWhileAnEventIsStored(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            var session = side.paired();
            var release = side.told().hold();
            try {
                var bringing = CompletableFuture.runAsync(() -> side.bring("held"));
                assertTrue(side.told().isHolding(), "the event is being stored");
                var status = CompletableFuture.supplyAsync(session::status).get(20, TimeUnit.SECONDS);
                assertTrue(status.loggedIn());
                release.complete(null);
                bringing.join();
            } finally {
                release.complete(null);
            }
            await().atMost(LONG).until(() -> side.told().words().contains("held"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void closingIsFinal(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            var session = side.paired();
            session.close();
            int told = side.told().count();
            assertFalse(session.status().connected());
            var id = MessageId.next();
            assertEquals(
                    Reason.NOT_CONNECTED,
                    assertThrows(EngineRefusal.class, () -> session.send(id, side.peer(), text("late")))
                            .reason());
            assertEquals(
                    Reason.NOT_CONNECTED,
                    assertThrows(EngineRefusal.class, session::reconnect).reason());
            assertFalse(session.status().connected());
            session.close();
            side.bringWhileAway("while nobody is here");
            assertEquals(0, side.shown(id, "late"));
            assertEquals(told, side.told().count());
            side.openAgain();
            await().atMost(LONG).until(() -> side.told().words().contains("while nobody is here"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsForgottenIsUnpaired(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            side.paired().close();
            side.forget();
            assertFalse(side.openAgain().status().loggedIn());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theAddressIsKnownWithoutALine(Kind kind) throws Exception {
        try (var side = EngineSide.open(kind, directory)) {
            assertEquals(Optional.empty(), side.account());
            var session = side.paired();
            var account = session.status().account();
            session.close();
            assertTrue(account.isPresent());
            assertEquals(account, side.account());
        }
    }
}
