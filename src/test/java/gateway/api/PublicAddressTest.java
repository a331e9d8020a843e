package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.Wire;

/** Where the links in replies lead, from what a request and its proxies say. */
class PublicAddressTest {
    private static final AtomicReference<PublicAddress> ADDRESS = new AtomicReference<>();
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("test")
                .routes(rules -> rules.get(
                        "/where",
                        (request, response) -> response.send(ADDRESS.get().of(request))))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String asked(boolean trusted, Optional<URI> stated, String headers) throws IOException {
        ADDRESS.set(new PublicAddress("/wa", stated, request -> trusted));
        try (var wire = new Wire(server.port())) {
            return wire.send("GET /where HTTP/1.1\r\nHost: inner:3000\r\n" + headers.replace("^", "\r\n") + "\r\n\r\n")
                    .reply()
                    .body();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Host: wa.example.org|http://wa.example.org/wa",
                "X-Forwarded-Host: wa.example.org, inner^X-Forwarded-Proto: https|https://wa.example.org/wa",
                "Forwarded: for=192.0.2.1;host=\"wa.example.org:8443\";proto=https, for=10.0.0.1|https://wa.example.org:8443/wa",
                "X-Forwarded-Proto: https^X-Forwarded-Prefix: /instances/3001|https://inner:3000/instances/3001/wa",
                "X-Forwarded-Host: [2001:db8::1]:8443|http://[2001:db8::1]:8443/wa",
                "X-Forwarded-Host: evil.example/x?|http://inner:3000/wa",
                "X: y|http://inner:3000/wa"
            })
    void aTrustedProxyTellsTheHost(String headers, String address) throws IOException {
        assertEquals(address, asked(true, Optional.empty(), headers));
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-Host: evil.example", "Forwarded: host=evil.example;proto=https"})
    void nobodyElseDoes(String header) throws IOException {
        assertEquals("http://inner:3000/wa", asked(false, Optional.empty(), header));
    }

    @Test
    void theOperatorsWordCountsFirst() throws IOException {
        var stated = Optional.of(URI.create("https://wa.example.org/chat"));
        assertEquals("https://wa.example.org/chat/wa", asked(true, stated, "X-Forwarded-Host: other.example"));
        assertEquals("https://wa.example.org/chat/wa", asked(false, stated, "X: y"));
    }
}
