package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.Event;
import gateway.engine.Jid;

/** A person of a chat installs WhatsApp anew: the talk goes on in new sessions, and the account's owner is told. */
@Timeout(120)
class IdentityChangeTest extends TwinRig {
    @BeforeEach
    void start() {
        account.linked();
        send("3EB0AAAAAAAAAAAAAAAA", "before");
        account.control.send(PEER, OWN, "answer");
        received("answer");
    }

    private void received(String text) {
        await().atMost(SOON).until(() -> words().contains(text));
    }

    private List<Jid> told() {
        return account.events.stream()
                .filter(Event.IdentityChanged.class::isInstance)
                .map(event -> ((Event.IdentityChanged) event).person())
                .toList();
    }

    @Test
    void aNoticeEndsTheSessionsUnderNumberAndLidAndIsTold() {
        account.control.post("/phones/" + PEER + "/reinstall", Map.of());
        acknowledged();
        assertEquals(List.of(Jid.ofPhone(PEER)), told());
        send("3EB0BBBBBBBBBBBBBBBB", "after");
        assertEquals(1, account.control.shown(PEER, "after"));
        assertEquals(0, account.control.seen("not opened", PEER), "opened at the first try, without a retry receipt");
        account.control.send(PEER, OWN, "in a new session");
        received("in a new session");
        assertEquals(1, told().size());
    }

    @Test
    void theNoticeReissuesTheAccountsTokenWithItsOldTime() {
        await().atMost(SOON).until(() -> account.control.seen("token issued", "") == 1);
        account.control.post("/phones/" + PEER + "/reinstall", Map.of());
        await().atMost(SOON).until(() -> account.control.seen("token issued", "") == 2);
        var times = account.control
                .entries()
                .filter(entry -> entry.get("what").asText().equals("token issued"))
                .map(entry -> entry.get("detail").asText())
                .distinct()
                .toList();
        assertEquals(1, times.size(), times::toString);
    }

    @Test
    void aMessageUnderANewIdentityIsReadAndToldOnceEvenWithoutANotice() {
        account.control.fault("no_identity_notice", "true");
        account.control.post("/phones/" + PEER + "/reinstall", Map.of());
        account.control.send(PEER, OWN, "from a new phone");
        received("from a new phone");
        assertEquals(List.of(Jid.ofPhone(PEER)), told());
        account.control.send(PEER, OWN, "once more");
        received("once more");
        assertEquals(1, told().size());
    }

    @Test
    void aSessionThatIsOpenedFromHereTellsOfANewIdentityToo() {
        account.control.fault("no_identity_notice", "true");
        account.control.post("/phones/" + PEER + "/reinstall", Map.of());
        // The phone cannot open the message, and asks for it again.
        send("3EB0CCCCCCCCCCCCCCCC", "asked for again");
        await().atMost(SOON).until(() -> account.control.shown(PEER, "asked for again") == 1);
        await().atMost(SOON).until(() -> told().equals(List.of(Jid.ofPhone(PEER))));
    }
}
