package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.engine.EngineRefusal;
import gateway.engine.Event.Connection.State;
import gateway.engine.Standing;
import gateway.engine.web.pairing.ClientVersion;

/** What the engine does after each end of a connection, and what it remembers over a restart. */
@Timeout(120)
class KeptConnectionTest extends TwinRig {
    @ParameterizedTest
    @CsvSource({"515,'',restart", "503,'',server_error", "'',ack,server_error", "'','',lost"})
    void anEndOfTheServersIsFollowedByANewConnection(String code, String child, String reason) {
        account.linked();
        long before = account.standing().since();
        disconnect(code, child);
        await().atMost(SOON).until(() -> account.told(State.DISCONNECTED).contains(reason));
        account.up();
        account.stands(Standing.State.CONNECTED, "");
        assertTrue(account.standing().since() > before);
        account.control.send(PEER, OWN, "after it");
        await().atMost(SOON).until(() -> account.events.toString().contains("after it"));
    }

    @ParameterizedTest
    @CsvSource({"400,refused", "405,outdated"})
    void aRefusedLoginIsNotRepeatedUntilAPersonAsks(String code, String reason) {
        account.linked();
        account.control.fault("failure", code);
        disconnect("503", "");
        account.stands(Standing.State.STOPPED, reason);
        await().atMost(SOON).until(() -> account.told(State.DISCONNECTED).contains(reason));
        long before = account.logins();
        assertTrue(account.session.status().loggedIn());
        account.control.fault("failure", "");
        await().during(Duration.ofSeconds(3)).until(() -> account.logins() == before);
        account.session.reconnect();
        account.up();
    }

    @ParameterizedTest
    @CsvSource({"500"})
    void aLoginThatTheServerFailsIsRepeated(String code) {
        account.linked();
        account.control.fault("failure", code);
        disconnect("503", "");
        account.stands(Standing.State.CONNECTING, "server_error");
        account.control.fault("failure", "");
        account.up();
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void anUnlinkedAccountForgetsItsKeysAndNeverLogsInAgain(String code) {
        account.linked();
        account.control.fault("failure", code);
        disconnect("503", "");
        account.stands(Standing.State.UNPAIRED, "unlinked");
        assertFalse(account.session.status().loggedIn());
        assertEquals(1, account.told(State.LOGGED_OUT).size());
        noFurtherLogin();
    }

    @Test
    void whoeverReplacesTheConnectionIsNotFought() throws Exception {
        account.linked();
        // A stream error of the kind that a second process with the same keys causes.
        disconnect("440", "conflict replaced");
        account.stands(Standing.State.STOPPED, "replaced");
        noFurtherLogin();
        assertTrue(account.session.status().loggedIn());
        account.session.reconnect();
        account.up();
    }

    @Test
    void aBanIsWaitedOutEvenByANewProcess() {
        account.linked();
        account.control.fault("failure", "402");
        account.control.fault("failure_seconds", "7200");
        disconnect("503", "");
        account.stands(Standing.State.BANNED, "banned");
        await().atMost(SOON).until(() -> account.told(State.BANNED).size() == 1);
        long left = account.standing().until() - System.currentTimeMillis();
        assertTrue(
                left > Duration.ofMinutes(119).toMillis()
                        && left < Duration.ofMinutes(121).toMillis(),
                left + " ms");
        account.control.fault("failure", "");
        assertThrows(EngineRefusal.class, () -> account.session.reconnect());
        account.again();
        assertEquals(Standing.State.BANNED, account.standing().state());
        assertTrue(account.session.status().loggedIn());
        noFurtherLogin();
        account.later(Duration.ofMinutes(121));
        account.again();
        account.up();
        assertEquals(0, account.standing().until());
    }

    @Test
    void aShortBanEndsByItself() {
        account.linked();
        account.control.fault("failure", "402");
        account.control.fault("failure_seconds", "1");
        disconnect("503", "");
        account.stands(Standing.State.BANNED, "banned");
        account.control.fault("failure", "");
        account.up();
    }

    @Test
    void aVersionThatIsTooOldIsReplacedByTheOneThatThePageNames() {
        account.linked();
        account.control.fault("oldest_client", "1999999999");
        disconnect("503", "");
        account.stands(Standing.State.STOPPED, "outdated");
        long refused = account.logins();
        account.end();
        account.control.fault("client_revision", "1999999999");
        account.begin();
        account.up();
        assertTrue(account.logins() <= refused + 2, "one refused login at the most");
        assertTrue(account.control.seen("login as", "1999999999") > 0);
        // The next process remembers it, and needs no page.
        account.end();
        account.control.fault("client_revision", "");
        account.begin();
        account.up();
        assertTrue(account.control.seen("login as", "1999999999") > 1);
    }

    @Test
    void aVersionOfTheSettingIsTakenAsItIs() {
        account.control.fault("client_revision", "1999999999");
        account.linked();
        account.version("2.3000.1045649368");
        account.again();
        account.up();
        assertEquals(1, account.control.seen("login as", "1045649368"));
    }

    @Test
    void theServersRoutingInformationIsInTheNextConnectionsFirstBytes() {
        account.control.fault("edge_routing", "true");
        account.linked();
        disconnect("503", "");
        await().atMost(SOON).until(() -> account.control.seen("login with", "08020805") > 0);
        account.up();
        account.again();
        account.up();
        await().atMost(SOON).until(() -> account.control.seen("login with", "08020805") > 1);
    }

    @Test
    void theServersClockCounts() {
        account.control.fault("clock_ahead", "7000000");
        account.linked();
        send("3EB0AAAAAAAAAAAAAAAA", "hello");
        long expected = System.currentTimeMillis() / 1000 + 7_000_000;
        await().atMost(SOON)
                .until(() -> account.control
                        .entries()
                        .filter(entry -> entry.get("what").asText().equals("token issued"))
                        .anyMatch(entry -> Math.abs(entry.get("detail").asLong() - expected) < 1_000));
    }

    @Test
    void whatTheServerSaysAtTheLoginIsAnswered() {
        account.control.fault("dirty", "true");
        account.control.fault("offline_preview", "true");
        account.linked();
        await().atMost(SOON)
                .until(() -> account.control.seen("received", "ib") > 0
                        && account.control
                                .entries()
                                .anyMatch(entry -> entry.get("detail").asText().contains("[clean]")));
        assertTrue(account.control
                .entries()
                .anyMatch(entry -> entry.get("detail").asText().contains("[offline_batch]")));
    }

    @Test
    void preKeysThatRunOutAreHandedOverAtOnce() {
        account.linked();
        account.control.fault("iq_error", "encrypt 500");
        account.control.post("/phones/" + OWN + "/prekeys", Map.of("left", 3));
        await().atMost(SOON).until(() -> account.session.preKeysLeft().orElse(-1) == 3);
        account.control.fault("iq_error", "");
        await().atMost(SOON).until(() -> account.session.preKeysLeft().orElse(-1) == 53);
    }

    @Test
    void theBuiltInVersionIsWhatALoginClaimsWithoutAPage() {
        account.linked();
        assertTrue(account.control.seen("login as", "" + ClientVersion.BUILT_IN.tertiary()) > 0);
    }
}
