package gateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the security log counts for a line a minute, and what it tells of each time. */
class GatePolicyTest {
    @Test
    void askingHowThePasskeyStepStandsIsCountedAndActsOfItAreToldOf() {
        assertTrue(GatePolicy.REST.aggregated("GET", "/app/passkey"));
        assertTrue(GatePolicy.REST.aggregated("GET", "/wa/app/passkey"));
        assertFalse(GatePolicy.REST.aggregated("POST", "/app/passkey/response"));
        assertFalse(GatePolicy.REST.aggregated("POST", "/app/passkey/confirm"));
        assertFalse(GatePolicy.REST.aggregated("GET", "/app/login"));
    }
}
