package gateway.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.api.docs.Docs;

/** The generated documents are what the program would make now. */
class ReferencePagesTest {
    private static final Pattern METRIC = Pattern.compile("\"((?:whatsapp|gowa)_[a-z_]+)\"");

    /** A row of the page of files, up to the mode, of a file that holds a key or a password. */
    private static final Pattern SECRET_FILE = Pattern.compile(
            "(?m)^\\| `[^`]*(?:\\.key|privkey|password|msmtprc|credstore)[^`]*` \\|(?: `[a-z:]+` \\|)? `[0-7]{4}` \\|");

    @Test
    void everyGeneratedPageIsCurrent() throws IOException {
        if (Boolean.getBoolean("reference.write")) {
            ReferencePages.write();
        }
        var stale = new ArrayList<String>();
        for (var page : ReferencePages.all().entrySet()) {
            var file = ReferencePages.ROOT.resolve(page.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(page.getValue())) {
                stale.add(page.getKey().toString());
            }
        }
        assertEquals(List.of(), stale, "Not current. Refresh with: make reference");
    }

    /** What is said to be missing is missing, and what is said to be there is there. */
    @Test
    void everyOperationOfTheOriginalIsServedOrHasAReason() throws IOException {
        var ours = OperationsPage.operations(Docs.specification());
        for (var given : OperationsPage.operations(OperationsPage.given()).keySet()) {
            assertTrue(ours.containsKey(given), given);
        }
        for (var later : OperationsPage.later()) {
            assertEquals(later.reason().isEmpty(), ours.containsKey(later.operation()), later.operation());
        }
    }

    @Test
    void noFileWithASecretIsOpenToEverybody() throws IOException {
        var secret = SECRET_FILE.matcher(FilesPage.text()).results().toList();
        assertTrue(secret.size() > 5, "keys and passwords are on the page: " + secret.size());
        assertEquals(
                List.of(),
                secret.stream()
                        .map(MatchResult::group)
                        .filter(row -> !row.endsWith("0` |"))
                        .toList());
    }

    @Test
    void everyMetricThatTheSourceNamesIsOnThePage() throws IOException {
        var named = new ArrayList<String>();
        try (var sources = Files.walk(ReferencePages.ROOT.resolve("src/main/java/gateway/metrics"))) {
            for (var source : sources.filter(Files::isRegularFile).toList()) {
                METRIC.matcher(Files.readString(source))
                        .results()
                        .map(match -> match.group(1))
                        .forEach(named::add);
            }
        }
        named.removeAll(MetricsPage.names());
        assertEquals(List.of(), named, "MetricsPage registers every metric but these");
    }

    /** With a date in its title, as the image puts it there. */
    @Test
    void mandocHasNothingToSayAboutTheManPage(@TempDir Path folder) throws Exception {
        var page = Files.writeString(
                folder.resolve("whatsapp.1"),
                ManPage.text().replaceFirst("(?m)^(\\.TH WHATSAPP 1) \"\"", "$1 \"2026-01-01\""));
        var lint = new ProcessBuilder("mandoc", "-T", "lint", "-W", "warning", page.toString())
                .redirectErrorStream(true)
                .start();
        assertEquals(
                "",
                new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                "Debian's package mandoc checks it");
        assertEquals(0, lint.waitFor());
    }

    /** What a start without a credential leaves behind, by paths and modes. */
    @Test
    void everythingThatAServerKeepsIsOnThePageWithItsMode(@TempDir Path folder) throws Exception {
        try (var program = Program.start(folder, Map.of("APP_PORT", "0", "APP_METRICS_PORT", "0"), "rest")) {
            program.url();
            nothingIsUnknown(folder);
        }
    }

    @Test
    void everythingThatTheAdminApiKeepsIsOnThePageWithItsMode(@TempDir Path folder) throws Exception {
        try (var program = Program.admin(folder, "0f1e2d3c4b5a69788796a5b4c3d2e1f0")) {
            program.url();
            nothingIsUnknown(folder);
        }
    }

    /** A file that is just being written has another name for a moment. */
    private static void nothingIsUnknown(Path folder) {
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertEquals(Map.of(), unknown(folder.resolve("storages"))));
    }

    private static Map<String, String> unknown(Path storage) throws IOException {
        var known = StoredFile.ALL.stream().collect(Collectors.toMap(StoredFile::path, StoredFile::mode));
        var unknown = new TreeMap<String, String>();
        try (var found = Files.walk(storage)) {
            for (var path : found.toList()) {
                var name = path.equals(storage)
                        ? "./"
                        : storage.relativize(path).toString().replace(".admin", ".rest")
                                + (Files.isDirectory(path) ? "/" : "");
                var mode = mode(path);
                if (!mode.equals(known.get(name))) {
                    unknown.put(name, mode);
                }
            }
        }
        return unknown;
    }

    private static String mode(Path path) throws IOException {
        int bits = 0;
        for (var permission : Files.getPosixFilePermissions(path)) {
            bits |= 1 << PosixFilePermission.values().length - 1 - permission.ordinal();
        }
        return String.format("0%03o", bits);
    }
}
