package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private static InetAddress at(String address) {
        return Network.address(address).orElseThrow();
    }

    @Test
    void aForgedHeaderIsIgnoredAndTold() {
        var origin = ClientAddress.direct().of(at("198.51.100.7"), List.of("10.0.0.1"));
        assertEquals(at("198.51.100.7"), origin.address());
        assertTrue(origin.forged());
        origin = ClientAddress.behind("true").of(at("198.51.100.7"), List.of("127.0.0.1"));
        assertEquals(at("198.51.100.7"), origin.address());
        assertTrue(origin.forged());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "true;127.0.0.1;203.0.113.9;203.0.113.9",
                "true;127.0.0.1;1.1.1.1, 203.0.113.9;203.0.113.9",
                "true;::1;6.6.6.6,203.0.113.9,127.0.0.1;203.0.113.9",
                "10.0.0.0/8;10.0.0.5;6.6.6.6, 203.0.113.9, 10.9.9.9;203.0.113.9",
                "10.0.0.0/8;10.0.0.5;10.1.1.1, 10.2.2.2;10.1.1.1",
                "10.0.0.5;10.0.0.5;2001:db8::7;2001:db8::7",
                "10.0.0.5;10.0.0.5;[2001:db8::7];2001:db8::7",
                "true;127.0.0.1;::ffff:203.0.113.9;203.0.113.9",
            })
    void theRightMostHopThatIsNoTrustedProxyIsTheClient(String trusted, String peer, String header, String client) {
        var origin = ClientAddress.behind(trusted).of(at(peer), List.of(header));
        assertEquals(at(client), origin.address());
        assertFalse(origin.forged());
    }

    @Test
    void severalHeadersAreOneList() {
        var origin = ClientAddress.behind("true").of(at("127.0.0.1"), List.of("6.6.6.6", "203.0.113.9"));
        assertEquals(at("203.0.113.9"), origin.address());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "",
                "0177.0.0.1",
                "1.2.3",
                "1.2.3.4:80",
                "\" 1.2.3.4",
                "127.1",
                "fe80::1%eth0"
            })
    void anEntryThatIsNoAddressEndsTheSearchAtTheProxy(String entry) {
        var origin = ClientAddress.behind("true").of(at("127.0.0.1"), List.of(entry));
        assertEquals(at("127.0.0.1"), origin.address());
        assertTrue(origin.forged());
    }

    @Test
    void anEndlessChainIsNotFollowed() {
        var origin = ClientAddress.behind("10.0.0.0/8")
                .of(at("10.0.0.1"), List.of("6.6.6.6," + "10.0.0.2,".repeat(500) + "10.0.0.3"));
        assertEquals(at("10.0.0.2"), origin.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "*", "10.0.0.0/33", "proxy.example.com", "10.0.0.0/-1", "yes"})
    void aSettingThatTrustsEverybodyOrNobodyKnowsWhomIsRefused(String setting) {
        assertThrows(IllegalArgumentException.class, () -> ClientAddress.behind(setting));
    }
}
