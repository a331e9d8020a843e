package gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;

import org.junit.jupiter.api.Test;

/** Nobody who guesses passwords is counted as a probe. */
class OwnProbesTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("127.0.0.82");

    @Test
    void aProbeHasItsAddressAndTheCredentialOfAnExample() {
        assertEquals("Basic YWRtaW46YWRtaW4=", OwnProbes.CREDENTIAL);
        assertTrue(OwnProbes.isLogin(OWN, List.of(OwnProbes.CREDENTIAL)));
    }

    @Test
    void aGuessIsNone() {
        assertFalse(OwnProbes.isLogin(OWN, List.of("Basic YWRtaW46Z3Vlc3M=")));
        assertFalse(OwnProbes.isLogin(OWN, List.of(OwnProbes.CREDENTIAL, "Basic YWRtaW46Z3Vlc3M=")));
        assertFalse(OwnProbes.isLogin(OWN, List.of()));
        assertFalse(OwnProbes.isLogin(InetAddress.ofLiteral("127.0.0.1"), List.of(OwnProbes.CREDENTIAL)));
        assertFalse(OwnProbes.isLogin(InetAddress.ofLiteral("203.0.113.7"), List.of(OwnProbes.CREDENTIAL)));
    }

    @Test
    void aFaultOfTheServerIsNoRefusal() {
        assertTrue(OwnProbes.isRefusal(429) && OwnProbes.isRefusal(501) && OwnProbes.isRefusal(505));
        assertFalse(OwnProbes.isRefusal(500) || OwnProbes.isRefusal(502) || OwnProbes.isRefusal(200));
    }

    @Test
    void aBurstHasAnAddressOfItsOwn() {
        assertTrue(OwnProbes.comesFrom(InetAddress.ofLiteral("127.0.0.83")));
        assertFalse(OwnProbes.comesFrom(InetAddress.ofLiteral("127.0.0.84")));
        assertFalse(OwnProbes.comesFrom(InetAddress.ofLiteral("::1")));
    }
}
