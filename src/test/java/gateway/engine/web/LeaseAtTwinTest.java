package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

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
