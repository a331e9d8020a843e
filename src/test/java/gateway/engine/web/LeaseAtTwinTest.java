package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.Standing;
import gateway.store.LeaseLost;

/** The connection of a node that no longer serves the account, or cannot ask whether it does. */
@Timeout(120)
class LeaseAtTwinTest extends TwinRig {
    @Test
    void aNodeWhoseAccountAnotherNodeServesLogsInNoMore() {
        account.linked();
        account.fence(tx -> {
            throw new LeaseLost(AccountAtTwin.DEVICE);
        });
        disconnect("503", "");
        noFurtherLogin();
    }

    @Test
    void aNodeThatLosesTheAccountWhileItsConnectionOpensLogsInNoMore() {
        account.linked();
        var asked = new AtomicInteger();
        account.fence(tx -> {
            if (asked.incrementAndGet() > 1) {
                throw new LeaseLost(AccountAtTwin.DEVICE);
            }
        });
        disconnect("503", "");
        noFurtherLogin();
        assertEquals(2, asked.get(), "it is asked before the connection is opened, and before the login");
    }

    @Test
    void aConnectionThatAnEarlierNodeReplacedIsOpenedAgainOnceThatNodeHasLeft() {
        account.linked();
        disconnect("440", "conflict replaced");
        account.stands(Standing.State.STOPPED, "replaced");
        noFurtherLogin();
        account.session.otherLeft();
        account.up();
        // Whoever takes the connection now is somebody else, with whom nobody fights.
        disconnect("440", "conflict replaced");
        account.stands(Standing.State.STOPPED, "replaced");
        noFurtherLogin();
    }

    @Test
    void theWordThatTheEarlierNodeHasLeftMayComeBeforeTheEndThatItExplains() {
        account.linked();
        long before = account.logins();
        account.session.otherLeft();
        disconnect("440", "conflict replaced");
        await().atMost(SOON).until(() -> account.logins() == before + 1);
        account.up();
        disconnect("440", "conflict replaced");
        account.stands(Standing.State.STOPPED, "replaced");
        noFurtherLogin();
    }

    @Test
    void theWordOfANodeThatHasLeftLiftsNoOtherStop() {
        account.linked();
        account.control.fault("failure", "400");
        disconnect("503", "");
        account.stands(Standing.State.STOPPED, "refused");
        account.session.otherLeft();
        noFurtherLogin();
    }

    @Test
    void aDatabaseThatIsAwayCountsAsAFailedConnectionAndIsWaitedFor() {
        account.linked();
        account.fence(tx -> {
            throw new IllegalStateException("the database is away");
        });
        disconnect("503", "");
        account.stands(Standing.State.CONNECTING, "lost");
        assertTrue(account.standing().detail().contains("the reason is in its log"), account.standing()::detail);
        account.fence(tx -> {});
        account.up();
    }
}
