package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.web.connection.Hello;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.connection.Timing;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.pairing.ClientPayloads;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.signal.CurvePublic;

/** What other gateways learnt from their users, lived through at the twin; {@code lessons.tsv} says which. */
@Timeout(180)
class LessonsAtTwinTest extends TwinRig {
    @ParameterizedTest
    @ValueSource(strings = {"463", "475"})
    void aRestrictedMessageIsRefusedForGoodAndNotSentAgain(String code) {
        account.linked();
        account.control.fault("message_error", code);
        var refusal = assertThrows(EngineRefusal.class, () -> send("3EB0AAAAAAAAAAAAAAAA", "to a stranger"));
        assertEquals(EngineRefusal.Reason.RESTRICTED, refusal.reason());
        long sent = account.control.seen("received", "message");
        await().during(Duration.ofSeconds(3)).until(() -> account.control.seen("received", "message") == sent);
    }

    @Test
    void whatIsSentAgainCarriesThePersonsToken() {
        account.linked();
        account.control.post("/phones/" + PEER + "/token", Map.of("to", OWN, "token", "0102030405"));
        acknowledged();
        send("3EB0AAAAAAAAAAAAAAAA", "opens the session");
        account.control.fault("not_opened", "1");
        send("3EB0BBBBBBBBBBBBBBBB", "lost at first");
        await().atMost(SOON).until(() -> account.control.shown(PEER, "lost at first") == 1);
        assertEquals(3, account.control.seen("token", "0102030405"), "two messages, and one of them again");
    }

    @Test
    void whatWaitedComesWithoutAMarkerAtOnceAndOnce() {
        account.linked();
        account.end();
        account.control.fault("no_offline_marker", "true");
        IntStream.rangeClosed(1, 5).forEach(i -> account.control.send(PEER, OWN, "waited " + i));
        account.begin();
        await().atMost(SOON).until(() -> words().size() == 5);
        assertEquals(List.of("waited 1", "waited 2", "waited 3", "waited 4", "waited 5"), words());
        account.again();
        account.up();
        await().during(Duration.ofSeconds(2)).until(() -> words().size() == 5);
    }

    @Test
    void aQuestionThatIsNotAnsweredIsNeitherYesNorNo() {
        account.linked();
        account.control.fault("iq_silence", "usync");
        var asked = CompletableFuture.supplyAsync(() -> account.session.isOnWhatsApp(Jid.ofPhone("6289999999999")));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> !asked.isDone());
        disconnect("503", "");
        var failed = assertThrows(CompletionException.class, asked::join);
        assertTrue(failed.getCause() instanceof EngineRefusal refusal && refusal.passing(), failed::toString);
    }

    @Test
    void noQuestionIsAboutMorePeopleThanAMessageNeeds() {
        account.linked();
        account.control.fault("usync_max", "2");
        send("3EB0AAAAAAAAAAAAAAAA", "to one person and the own devices");
        await().atMost(SOON).until(() -> account.control.shown(PEER, "to one person and the own devices") == 1);
    }

    @Test
    void aThousandConnectionsLeaveNothingBehind() throws Exception {
        var profile = new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", "Chrome", "US", false);
        var random = new Random(1);
        var own = DeviceCredentials.draw(random);
        var payload = ClientPayloads.registration(profile, own).toByteArray();
        var server = new ServerAddress(
                URI.create(account.twin.webSocket()),
                CurvePublic.of(HexFormat.of().parseHex(account.twin.rootKey())),
                Optional.empty());
        try (var client = HttpClient.newHttpClient()) {
            long before = 0;
            for (int i = 1; i <= 1_000; i++) {
                try (var open = WebConnection.open(
                        client,
                        server,
                        Timing.USUAL,
                        new Hello(own.noise(), new byte[0], () -> payload, random, InstantSource.system()))) {
                    open.next(Duration.ofSeconds(20)).orElseThrow();
                }
                if (i == 200) {
                    before = heap();
                }
            }
            long grown = heap() - before;
            System.out.println("800 connections, opened and closed: the heap grew by " + grown + " bytes");
            assertTrue(grown < 800 * 2_000, grown + " bytes for 800 connections");
        }
    }

    /** The used heap; the twin's own ledger grows a little with each connection. */
    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
