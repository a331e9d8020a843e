package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.admin.FreePort;
import gateway.config.Cidr;
import gateway.outbound.AddressGuard;
import gateway.outbound.AddressRules;
import gateway.outbound.GuardedClient;
import gateway.outbound.GuardedClientTest;
import gateway.outbound.RefusedAddress;
import gateway.outbound.Resolver;
import gateway.outbound.Unanswered;
import gateway.store.SqlDialect;

class AddressGuardTest {
    /** What names in the corpus resolve to; any other name must have been refused before it is asked for. */
    private static final Map<String, String> NAMES = Map.of(
            "localhost",
            "127.0.0.1",
            "localtest.me",
            "127.0.0.1",
            "127.0.0.1.nip.io",
            "127.0.0.1",
            "metadata.google.internal",
            "169.254.169.254",
            "ip6-localhost",
            "::1",
            "intranet",
            "10.0.0.5",
            "mapped.example",
            "::ffff:10.0.0.1",
            "xn--locahost-4va.example",
            "127.0.0.1");

    @TempDir
    Path directory;

    @Test
    void theCorpusIsLargeEnough() throws Exception {
        assertTrue(
                hostile().distinct().count() >= 150,
                "only " + hostile().distinct().count());
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileFormIsRefused(String url) {
        var guard = new AddressGuard(new AddressRules(true, List.of()), AddressGuardTest::resolve);
        assertThrows(RefusedAddress.class, () -> guard.addresses(guard.target(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "https://example.com/hook?token=a%2Fb",
                "HTTPS://EXAMPLE.com:8443/x",
                "https://1.1.1.1/",
                "https://[2606:4700:4700::1111]/x",
                "https://a_b.example.com/",
                "https://xn--bcher-kva.example/",
                "https://9.example/"
            })
    void anOrdinaryReceiverIsAccepted(String url) {
        var guard = new AddressGuard(AddressRules.strict(), host -> new InetAddress[] {address("93.184.216.34")});
        assertDoesNotThrow(() -> guard.addresses(guard.target(url)));
    }

    @Test
    void httpNeedsToBeAllowedByName() {
        assertThrows(
                RefusedAddress.class,
                () -> new AddressGuard(AddressRules.strict(), AddressGuardTest::resolve).target("http://example.com/"));
        assertFalse(new AddressGuard(new AddressRules(true, List.of()), AddressGuardTest::resolve)
                .target("http://example.com/")
                .secure());
    }

    @Test
    void aBlockThatIsAllowedOpensItselfOnly() {
        var rules = new AddressRules(false, List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("fd12::/16")));
        assertTrue(rules.permits(address("10.1.2.3")));
        assertTrue(rules.permits(address("fd12::1")));
        assertFalse(rules.permits(address("10.2.0.1")));
        assertFalse(rules.permits(address("fd13::1")));
    }

    @Test
    void metadataServicesStayClosedWhateverIsAllowed() {
        var rules = new AddressRules(true, List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
        assertFalse(rules.permits(address("169.254.169.254")));
        assertFalse(rules.permits(address("fd00:ec2::254")));
        assertFalse(rules.permits(address("0.0.0.0")));
        assertTrue(rules.permits(address("10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "2606:4700::5efe:a9fe:a9fe",
                "2606:4700::200:5efe:a9fe:a9fe",
                "::a9fe:a9fe",
                "::ffff:0:a9fe:a9fe",
                "2001:0:a9fe:a9fe::1",
                "2001::5601:5601"
            })
    void noAllowedBlockOpensAMetadataServiceByAnotherForm(String text) {
        assertFalse(new AddressRules(true, List.of(Cidr.parse("::/0"))).permits(address(text)));
    }

    @Test
    void anIsatapAddressThatWasAllowedByNameIsAllowed() {
        assertTrue(new AddressRules(false, List.of(Cidr.parse("fd12::/16"))).permits(address("fd12::5efe:10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2606:4700:4700::5eff:7f00:1", "2606:4700:4700::5efe:7f00:1:1", "2606:4700:4700:5efe::1"})
    void whatOnlyLooksLikeIsatapIsPublic(String text) {
        assertTrue(AddressRules.strict().permits(address(text)));
    }

    @Test
    void aDownloadByHttpHasToBeAllowedByASettingOfItsOwn() {
        var closed = new AddressGuard(AddressRules.downloads(false, List.of()), AddressGuardTest::resolve);
        assertTrue(assertThrows(RefusedAddress.class, () -> closed.target("http://example.com/a.png"))
                .getMessage()
                .contains("WHATSAPP_DOWNLOAD_ALLOW_HTTP"));
        assertTrue(assertThrows(RefusedAddress.class, () -> closed.target("https://10.0.0.1/a.png"))
                .getMessage()
                .contains("WHATSAPP_DOWNLOAD_ALLOW_CIDRS"));
        var open = new AddressGuard(
                AddressRules.downloads(true, List.of(Cidr.parse("10.0.0.0/8"))), AddressGuardTest::resolve);
        assertFalse(open.target("http://10.0.0.1/a.png").secure());
    }

    @Test
    void webhooksThatMayUseHttpDoNotLetDownloadsUseIt() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(
                        SqlDialect.SQLITE,
                        directory,
                        new WebhookRig.Clock(),
                        Courier.TOTAL,
                        Optional.empty(),
                        WebhookGiven.endpoint("a", receiver.url()))) {
            var refused = assertThrows(
                    IOException.class,
                    () -> rig.webhooks.fetch("http://example.com/a.png", 100, directory.resolve("file")));
            assertTrue(refused.getMessage().contains("WHATSAPP_DOWNLOAD_ALLOW_HTTP"), refused.getMessage());
        }
    }

    @Test
    void oneBadAddressAmongGoodOnesRefusesTheName() {
        var guard = new AddressGuard(
                AddressRules.strict(), host -> new InetAddress[] {address("93.184.216.34"), address("10.0.0.1")});
        assertThrows(RefusedAddress.class, () -> guard.addresses(guard.target("https://example.com/")));
    }

    @Test
    void aNameServerThatChangesItsAnswerReachesNothingForbidden() throws Exception {
        try (var allowed =
                new WebhookReceiver(HttpServer.create(new InetSocketAddress("127.0.0.2", FreePort.find()), 100))) {
            int port = allowed.port();
            try (var forbidden =
                    new WebhookReceiver(HttpServer.create(new InetSocketAddress("127.0.0.1", port), 100))) {
                var asked = new AtomicInteger();
                Resolver flipping = host ->
                        new InetAddress[] {address(asked.getAndIncrement() % 2 == 0 ? "127.0.0.2" : "127.0.0.1")};
                var guard = new AddressGuard(new AddressRules(true, List.of(Cidr.parse("127.0.0.2"))), flipping);
                var target = guard.target("http://flip.example:" + port + "/");
                int refused = 0;
                for (int i = 0; i < 40; i++) {
                    try (var client = new GuardedClient(guard, GuardedClientTest::defaultTls)) {
                        client.post(target, Map.of(), new byte[0], Duration.ofSeconds(5));
                    } catch (Unanswered e) {
                        assertTrue(e.getCause() instanceof RefusedAddress);
                        refused++;
                    }
                }
                assertEquals(40, asked.get(), "each connection asks once and connects to what was judged");
                assertEquals(20, refused);
                assertEquals(20, allowed.hits().size());
                assertEquals(0, forbidden.hits().size());
                assertEquals(
                        "flip.example:" + port,
                        allowed.hits().getFirst().headers().get("host"));
            }
        }
    }

    @Test
    void anEndpointWhoseNameTurnsInwardIsRetriedNotReached() throws Exception {
        try (var receiver = new WebhookReceiver()) {
            try (var rig = new WebhookRig(
                    SqlDialect.SQLITE,
                    directory,
                    new WebhookRig.Clock(),
                    Courier.TOTAL,
                    Optional.of(host -> new InetAddress[] {address("10.0.0.1")}),
                    WebhookGiven.endpoint("a", "http://turns.example:" + receiver.port() + "/"))) {
                rig.happen(WebhookGiven.message("m", "hello"));
                await().until(() -> rig.count("attempts = 1") == 1);
                assertTrue(
                        rig.webhooks.deliveries().attempts(1).getFirst().error().contains("not a public one"));
                assertEquals(0, receiver.hits().size());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/-1",
                "ten/8",
                "10.0.0/8",
                "",
                "/8",
                "10.0.0.0/",
                "fd00::/129",
                "localhost"
            })
    void aMalformedBlockIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
    }

    /** One form a line; {@code \\uXXXX} and {@code \\t} stand for themselves, lines with # are comments. */
    static Stream<String> hostile() throws IOException {
        try (var in = AddressGuardTest.class.getResourceAsStream("hostile-urls.txt")) {
            return Stream.concat(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .map(AddressGuardTest::unescaped),
                    Stream.of("https://example.com/" + "a".repeat(2_048)));
        }
    }

    private static String unescaped(String line) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(line)
                .replaceAll(code -> String.valueOf((char) Integer.parseInt(code.group(1), 16)))
                .translateEscapes();
    }

    private static InetAddress[] resolve(String host) throws UnknownHostException {
        if (!NAMES.containsKey(host)) {
            throw new AssertionError("asked for " + host);
        }
        return new InetAddress[] {address(NAMES.get(host))};
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
