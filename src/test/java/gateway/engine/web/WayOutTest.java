package gateway.engine.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.ConnectProxy;
import gateway.engine.AccountProxies;
import gateway.engine.EngineRefusal;
import gateway.engine.OutboundProxy;
import gateway.engine.Standing;

/** Connections leave by the account's proxy, and never around it. */
@Timeout(120)
class WayOutTest extends TwinRig {
    private ConnectProxy proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = new ConnectProxy("");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    private static OutboundProxy at(ConnectProxy proxy) {
        return new OutboundProxy("127.0.0.1", proxy.port(), "", "");
    }

    @Test
    void theProxyOfTheSettingsCarriesPairingAndConnection() {
        account.end();
        account.proxy(at(proxy));
        account.begin();
        account.linked();
        assertTrue(proxy.passed.size() >= 2, proxy.passed::toString);
        assertTrue(
                proxy.passed.stream()
                        .allMatch(line -> line.startsWith("CONNECT 127.0.0.1:") || line.contains("/sw.js")),
                proxy.passed::toString);
    }

    @Test
    void aBrokenProxyIsNeverGoneAround() throws Exception {
        account.end();
        account.proxy(at(proxy));
        account.begin();
        account.linked();
        long logins = account.logins();
        proxy.close();
        account.stands(Standing.State.CONNECTING, "lost");
        await().during(Duration.ofSeconds(12))
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        account.logins() == logins && !account.session.status().connected());
        assertTrue(account.standing().detail().contains("by the proxy http://127.0.0.1:" + proxy.port()));
    }

    /** The row of an earlier version, or a name that leads elsewhere by now: the proxy was not judged when it was given. */
    @Test
    void anAccountsOwnProxyInTheInnerNetworkIsNotConnectedTo() throws Exception {
        account.end();
        account.guard(AccountProxies.PUBLIC);
        account.begin();
        account.session.wire().proxy(Optional.of(at(proxy)));
        assertThrows(EngineRefusal.class, () -> account.session.pair());
        assertEquals(0, proxy.passed.size(), proxy.passed::toString);
    }

    @Test
    void aNameThatLeadsIntoTheInnerNetworkByNowIsNotConnectedTo() throws Exception {
        var leads = new AtomicReference<>(InetAddress.getLoopbackAddress());
        account.end();
        account.guard(AccountProxies.onLoopback(host -> new InetAddress[] {leads.get()}));
        account.begin();
        // No name server knows this name: the connection goes to the address that was judged.
        account.session.wire().proxy(Optional.of(new OutboundProxy("proxy.invalid", proxy.port(), "", "")));
        account.linked();
        assertTrue(proxy.passed.size() >= 2, proxy.passed::toString);
        leads.set(InetAddress.ofLiteral("10.0.0.7"));
        account.session.reconnect();
        account.stands(Standing.State.CONNECTING, "lost");
        assertTrue(account.standing().detail().contains("WHATSAPP_PROXY_ALLOW_CIDRS"), account.standing()::detail);
    }

    /** The operator chose it, and may have it on the premises. */
    @Test
    void theProxyOfTheSettingsMayBeInTheInnerNetwork() {
        account.end();
        account.guard(AccountProxies.PUBLIC);
        account.proxy(at(proxy));
        account.begin();
        account.linked();
        assertTrue(proxy.passed.size() >= 2, proxy.passed::toString);
    }

    @Test
    void anAccountsOwnProxyOutlivesTheProcessAndItsUnlinking() throws Exception {
        account.linked();
        account.session.wire().proxy(Optional.of(at(proxy)));
        await().atMost(Duration.ofSeconds(40)).until(() -> !proxy.passed.isEmpty());
        account.up();
        int before = proxy.passed.size();
        account.again();
        account.up();
        assertTrue(proxy.passed.size() > before);
        account.session.logout();
        assertEquals(Optional.of(at(proxy)), account.session.wire().proxy());
        int unlinked = proxy.passed.size();
        account.linked();
        assertTrue(proxy.passed.size() >= unlinked + 2, "the new pairing left by it as well");
        account.session.wire().proxy(Optional.empty());
        int removed = proxy.passed.size();
        await().atMost(Duration.ofSeconds(40))
                .until(() -> account.logins() > 3 && account.session.status().connected());
        assertEquals(removed, proxy.passed.size());
    }
}
