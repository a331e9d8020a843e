package gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.auth.Principal.Scope;

/** Which scope the paths of devices need, whatever a device is called. */
class ScopeRulesTest {
    private final ScopeRules rules = ScopeRules.api("/wa");

    @ParameterizedTest
    @ValueSource(strings = {"default", "login", "webhook", "proxy", "trace", "status"})
    void lookingAtADeviceNeedsReadWhateverItsName(String device) {
        assertEquals(Scope.READ, rules.needed("GET", "/wa/devices/" + device));
        assertEquals(Scope.READ, rules.needed("GET", "/wa/devices/" + device + "/status"));
        for (var secret : new String[] {"login", "webhook", "proxy", "trace"}) {
            assertEquals(Scope.MANAGE, rules.needed("GET", "/wa/devices/" + device + "/" + secret), secret);
        }
    }

    @Test
    void thePostureOfTheMachineIsForThoseWhoManageAllOfIt() {
        assertEquals(Scope.READ, rules.needed("GET", "/wa/console/state"));
        assertEquals(Scope.MANAGE, rules.needed("GET", "/wa/console/posture"));
        assertEquals(Scope.MANAGE, rules.needed("HEAD", "/wa/console/posture/"));
        assertEquals(Scope.MANAGE, rules.needed("POST", "/wa/console/state"));
        assertTrue(rules.concernsAll("/wa/console/posture"));
        assertFalse(rules.concernsAll("/wa/console/state"));
    }

    @Test
    void whatAReleaseToComeShowsOfADeviceNeedsManage() {
        assertEquals(Scope.READ, rules.needed("GET", "/wa/devices"));
        assertEquals(Scope.MANAGE, rules.needed("POST", "/wa/devices"));
        assertEquals(Scope.MANAGE, rules.needed("GET", "/wa/devices/default/keys"));
        assertEquals(Scope.MANAGE, rules.needed("GET", "/wa/devices/default/proxy/password"));
    }
}
