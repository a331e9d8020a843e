package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.PrintedSecrets;
import gateway.config.Role;
import gateway.config.SettingProblem;
import gateway.config.source.Flags;

class PrintedSecretsTest {
    private static final String HEX = "0123456789abcdef0123456789abcdef";
    private static final String TOUR = "a-long-password-for-the-tour";
    /**
     * What a document may hold: a value after a secret's name, a user with a password, or so many hexadecimal digits.
     */
    private static final List<Pattern> SECRET_LOOKING = List.of(
            Pattern.compile(
                    "(?:-u|--user|BASIC_AUTH=|basic_auth: *|basic-auth: *)[ \"']*[A-Za-z0-9._-]+:([A-Za-z0-9+/=._~!@^-]{8,})"),
            Pattern.compile("[A-Z_]*(?:SECRET|TOKEN|PASSWORD|_KEY)=[\"']?([A-Za-z0-9+/=._~!@^-]{8,})"),
            Pattern.compile("(?:secret|token|password)[\"']?: *[\"']([A-Za-z0-9+/=._~!@^-]{8,})[\"']"),
            Pattern.compile("Bearer ([A-Za-z0-9+/=._~-]{16,})"),
            Pattern.compile("(?<![0-9A-Za-z])((?=[0-9]*[a-f])[0-9a-f]{32,})(?![0-9A-Za-z])"));
    /** Names of places, not values. */
    private static final Pattern PLACE = Pattern.compile("/.*|[A-Z_]+|vault_.*|PASSWORD.*");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "APP_BASIC_AUTH, admin:" + TOUR,
        "WHATSAPP_SECRET, " + HEX,
        "WHATSAPP_WEBHOOK_SECRET, " + HEX,
        "ADMIN_TOKEN, a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a3",
        "DB_PASSWORD, strong-password-here",
        "DB_URI, postgresql://whatsapp:super-secret-key@db.example/whatsapp?sslmode=verify-full",
        "WHATSAPP_ENCRYPTION_KEY, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "WHATSAPP_ENCRYPTION_KEY, AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    })
    void aSecretThatADocumentPrintsIsRefusedInProductionByNameAndWarnedOfElsewhere(String setting, String value) {
        var given = new ConfigGiven(directory)
                .env("APP_BASIC_AUTH", "admin:" + ConfigGiven.STRONG)
                .env(setting, value);
        var warned = given.warnings().stream()
                .filter(warning -> warning.startsWith(setting + " "))
                .toList();
        assertTrue(warned.stream().anyMatch(PrintedSecretsTest::objects), warned.toString());
        var errors = given.env("APP_PROFILE", "production").load().errors().stream()
                .map(SettingProblem::sentence)
                .toList();
        assertTrue(
                errors.stream().anyMatch(error -> error.startsWith(setting + " ") && objects(error)),
                errors.toString());
        assertFalse(errors.toString().contains(value.replaceFirst("^admin:", "")), "it is not repeated");
    }

    private static boolean objects(String sentence) {
        return sentence.contains("everybody knows it")
                || sentence.contains("is a sequence")
                || sentence.contains("repeats itself");
    }

    @Test
    void theAdminApisTokenIsJudgedToo() {
        var errors = Configuration.load(
                        Role.ADMIN,
                        new Flags(Map.of()),
                        Map.of("APP_PROFILE", "production", "WHATSAPP_ENGINE", "web", "ADMIN_TOKEN", HEX),
                        directory)
                .errors();
        assertEquals(
                List.of("ADMIN_TOKEN"),
                errors.stream().map(SettingProblem::name).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "abcabcabcabcabcabcabcabcabcabcabcabc",
                "0123456789012345678901234567890123456789",
                "abcdefghijklmnopqrstuvwxyzABCDEF",
                "fedcba9876543210fedcba9876543210",
                "deadbeefdeadbeefdeadbeefdeadbeef",
                "A-Long-Password-For-The-Tour-1",
                "xx0123456789abcdef0123456789abcdef",
                "secret123secret123secret123",
                "11223344556677889900112233445566"
            })
    void sequencesRepetitionsAndPrintedOnesInDisguiseAreFound(String secret) {
        assertTrue(PrintedSecrets.objection(secret).isPresent());
    }

    @Test
    void randomOnesAreNotRefused() {
        var random = new SecureRandom(new byte[] {1});
        for (int i = 0; i < 20_000; i++) {
            var octets = new byte[32];
            random.nextBytes(octets);
            var hex = HexFormat.of().formatHex(octets);
            var base64 = Base64.getEncoder().encodeToString(octets);
            assertTrue(
                    PrintedSecrets.objection(hex).isEmpty()
                            && PrintedSecrets.objection(hex.substring(0, 32)).isEmpty(),
                    hex);
            assertTrue(PrintedSecrets.keyObjection(base64).isEmpty(), base64);
        }
    }

    @Test
    void everySecretInADocumentOfOursIsOnTheList() throws IOException {
        var missing = new TreeSet<String>();
        for (var document : documents()) {
            for (var pattern : SECRET_LOOKING) {
                var found = pattern.matcher(Files.readString(document));
                while (found.find()) {
                    var value = found.group(1);
                    if (!PLACE.matcher(value).matches()
                            && PrintedSecrets.objection(value).isEmpty()) {
                        missing.add(document + ": " + value);
                    }
                }
            }
        }
        assertTrue(missing.isEmpty(), "to be added to printed-secrets.txt: " + missing);
    }

    private static List<Path> documents() throws IOException {
        var top = Path.of(System.getProperty("basedir", ""));
        try (var folders = Stream.of(
                                "src/site",
                                "ansible",
                                "monitoring",
                                "examples",
                                "src/main/dist",
                                "src/main/resources/gateway/api")
                        .map(top::resolve)
                        .filter(Files::isDirectory)
                        .flatMap(PrintedSecretsTest::walk);
                var roots = Files.list(top)) {
            return Stream.concat(roots, folders)
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(md|yml|yaml|sql|py|sh|env|example)")
                            && !file.toString().contains("/tests/"))
                    .toList();
        }
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
