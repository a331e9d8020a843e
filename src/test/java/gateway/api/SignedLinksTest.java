package gateway.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links that need no credential: each opens its own file, for a short time, and on every node. */
class SignedLinksTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String PATH = "statics/media/default/a.jpg";

    private final AtomicReference<byte[]> key =
            new AtomicReference<>("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    private SignedLinks at(Instant now) {
        return new SignedLinks(key::get, InstantSource.fixed(now));
    }

    private static boolean opens(SignedLinks links, String target) {
        return links.opens(HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, target, false), "/wa");
    }

    @Test
    void aLinkIsGoodOnEachNodeUntilItsEnd() {
        var link = "/wa/" + at(NOW).signed(PATH, Duration.ofMinutes(5));
        assertTrue(opens(at(NOW), link));
        assertTrue(opens(at(NOW.plusSeconds(300)), link));
        assertFalse(opens(at(NOW.plusSeconds(301)), link));
    }

    @Test
    void theKeyIsTheOneOfNow() {
        var links = at(NOW);
        var before = "/wa/" + links.signed(PATH, Duration.ofMinutes(5));
        key.set("another key, of as many bytes..!".getBytes(StandardCharsets.US_ASCII));
        assertFalse(opens(links, before));
        assertTrue(opens(links, "/wa/" + at(NOW).signed(PATH, Duration.ofMinutes(5))));
    }

    @ParameterizedTest
    @CsvSource({
        "a.jpg, b.jpg",
        "default, other",
        "a.jpg, a.jpg/b",
        "a.jpg, a%2ejpg",
        "/wa/, /wa/x/../",
        "/wa/, /",
        "expires=17, expires=97",
        "expires=1, expires=01",
        "expires=, expires=9999999999&expires=",
        "&signature=, &signature=a&signature=",
        "signature=, SIGNATURE=",
        "signature=, x=1&signature=",
        "expires=, x=1&expires="
    })
    void aLinkThatWasChangedOpensNothing(String part, String other) {
        var link = "/wa/" + at(NOW).signed(PATH, Duration.ofMinutes(5));
        var changed = link.replace(part, other);
        assertFalse(changed.equals(link));
        assertFalse(opens(at(NOW), changed), changed);
        assertFalse(opens(at(NOW), link.toUpperCase(java.util.Locale.ROOT)));
        assertFalse(opens(at(NOW), link + "&x=1"));
    }
}
