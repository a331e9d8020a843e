package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as clients of the original and common libraries write them. */
class ForeignFormsTest {
    @TempDir
    static Path directory;

    private static ApiRig rig;

    @BeforeAll
    static void open() {
        rig = new ApiRig(directory).paired();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    /** A form with one file, whose header is written as it is given, one character as one byte. */
    private static ApiRig.Reply upload(String disposition) {
        var text = "--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n" + ApiRig.ALICE
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; " + disposition
                + "\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n--b--\r\n";
        return rig.post(
                "/send/file?device_id=" + ApiRig.DEVICE,
                "multipart/form-data; boundary=b",
                text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String kept(ApiRig.Reply sent) {
        assertEquals(200, sent.status(), sent.message());
        var id = sent.results().path("message_id").asText();
        return rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE)
                .results()
                .path("filename")
                .asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filename=\"/tmp/a.txt\"|a.txt",
                "filename=\"C:\\Users\\ada\\a.txt\"|a.txt",
                "filename=\"../../etc/passwd\"|passwd",
                "filename=\"a\\\"b.txt\"|a\"b.txt",
                "filename=\"r\u00e9sum\u00e9.txt\"|r\u00e9sum\u00e9.txt",
                "filename=\"r\u00c3\u00a9sum\u00c3\u00a9.txt\"|r\u00e9sum\u00e9.txt",
                "filename=\"\u00c3\u0085s.txt\"|\u00c5s.txt",
                "filename=\"x.txt\"; filename*=UTF-8''%E2%82%AC%20a.txt|\u20ac a.txt",
                "filename=a.txt|a.txt",
                "filename=\"/\"|file",
                "filename=\"a;b=c.txt\"|a;b=c.txt"
            })
    void aFilesNameNeverRefusesTheFile(String disposition, String name) {
        assertEquals(name, kept(upload(disposition)));
    }

    @Test
    void aLongNameIsCutAndKeepsItsEnding() {
        var name = kept(upload("filename=\"" + "n".repeat(6_000) + ".txt\""));
        assertEquals("n".repeat(251) + ".txt", name);
    }

    @Test
    void aListInAFormMayHaveAsManyPartsAsTheListMayHaveItems() {
        var body = IntStream.range(0, 40)
                        .mapToObj(i -> "--b\r\nContent-Disposition: form-data; name=\"participants\"\r\n\r\n"
                                + (12025550200L + i) + "\r\n")
                        .collect(Collectors.joining())
                + "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMany\r\n--b--\r\n";
        var reply = rig.post("/group", "multipart/form-data; boundary=b", body.getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, reply.status(), reply.message());
    }

    @Test
    void jsonThatIsSentAsAFormIsCalledThat() {
        var reply = rig.post(
                "/send/message",
                "application/x-www-form-urlencoded",
                "{\"phone\":\"12025550101\",\"message\":\"hi\"}".getBytes(StandardCharsets.US_ASCII));
        assertEquals(415, reply.status());
        assertTrue(reply.message().contains("Content-Type: application/json"), reply.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/send/message|message: cannot be blank; phone: cannot be blank.",
                "/send/contact|contact_name: cannot be blank; contact_phone: cannot be blank; phone: cannot be blank.",
                "/send/link|caption: cannot be blank; link: cannot be blank; phone: cannot be blank.",
                "/send/location|latitude: cannot be blank; longitude: cannot be blank; phone: cannot be blank.",
                "/group|participants: cannot be blank; title: cannot be blank.",
                "/group/name|group_id: cannot be blank; name: cannot be blank.",
                "/call/reject|call_id: cannot be blank; caller_jid: cannot be blank."
            })
    void allMissingFieldsAreNamedAtOnce(String path, String message) {
        assertEquals(message, rig.post(path, ApiRig.object()).message());
    }

    @ParameterizedTest
    @CsvSource({"999999999999999", "1", "12345678901234567", "120255501011234"})
    void aNumberThatNobodyCanHaveIsNotOnWhatsApp(String phone) {
        var reply = rig.get("/user/check?phone=" + phone);
        assertEquals(200, reply.status(), reply.message());
        assertEquals(false, reply.results().path("is_on_whatsapp").asBoolean(true));
    }

    @Test
    void aPersonMayBeNamedAsWhatsAppsOwnPageDoes() {
        var reply = rig.post(
                "/send/message",
                ApiRig.object().put("phone", ApiRig.ALICE + "@c.us").put("message", "hi"));
        assertEquals(200, reply.status(), reply.message());
        assertTrue(reply.results().path("status").asText().contains(ApiRig.ALICE + "@s.whatsapp.net"), reply.message());
    }

    @ParameterizedTest
    @CsvSource({"1e-05,103.8", "1.5E1,-1e-7"})
    void aCoordinateIsTakenInEveryFormOfANumber(String latitude, String longitude) {
        assertEquals(
                200,
                rig.post(
                                "/send/location",
                                ApiRig.object()
                                        .put("phone", ApiRig.ALICE)
                                        .put("latitude", latitude)
                                        .put("longitude", longitude))
                        .status());
    }

    @Test
    void aWholeNumberIsTakenHoweverJsonWritesIt() {
        var reply = rig.post(
                "/send/message",
                "application/json",
                ("{\"phone\":\"" + ApiRig.ALICE + "\",\"message\":\"hi\",\"duration\":8.64e4}")
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, reply.status(), reply.message());
    }

    @Test
    void aGroupOrChannelThatIsNoneIsRefusedInItsOwnWords() {
        assertTrue(rig.get("/group/info?group_id=nonsense").message().contains("a group's address"));
        assertTrue(rig.post("/newsletter/unfollow", ApiRig.object().put("newsletter_id", "nonsense"))
                .message()
                .contains("a channel's address"));
    }

    private static ApiRig.Reply with(String path, Map<String, String> headers) {
        var request = rig.request(path).GET();
        headers.forEach(request::header);
        return rig.send(request);
    }

    @Test
    void anEmptyDeviceHeaderIsNoneAndAContradictionIsRefused() {
        assertEquals(
                200,
                with("/chats?device_id=" + ApiRig.DEVICE, Map.of("X-Device-Id", ""))
                        .status());
        assertEquals(
                200,
                with("/chats?device_id=" + ApiRig.DEVICE, Map.of("X-Device-Id", ApiRig.DEVICE))
                        .status());
        rig.post("/devices", ApiRig.object().put("device_id", "contradicting"));
        try {
            var reply = with("/chats?device_id=contradicting", Map.of("X-Device-Id", ApiRig.DEVICE));
            assertEquals(400, reply.status());
            assertTrue(
                    reply.message().contains("device_id") && reply.message().contains("X-Device-Id"), reply.message());
        } finally {
            rig.delete("/devices/contradicting");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TwoFactor Gateway",
        "ada@example.org",
        "Caf\u00e9 \u2615",
        "+49 30 1234",
        "100%",
        "a;b?c#d",
        "_x",
        "..."
    })
    void aDeviceMayHaveAnyReadableName(String name) {
        var path = "/devices/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        var made = rig.post("/devices", ApiRig.object().put("device_id", name));
        assertEquals(200, made.status(), made.message());
        try {
            assertEquals(name, rig.get(path).results().path("id").asText());
            assertEquals(200, rig.get(path + "/login").status());
            var header = Map.of(
                    "X-Device-Id",
                    URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
            var paired = rig.request("/sandbox/pair").POST(HttpRequest.BodyPublishers.noBody());
            header.forEach(paired::header);
            assertEquals(200, rig.send(paired).status());
            assertEquals(200, with("/chats", header).status());
            // Its files have a directory and an address.
            var form = rig.request("/send/file")
                    .header("Content-Type", ApiRig.multipartType())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            ApiRig.multipart(Map.of("phone", ApiRig.BOB), Map.of("file", Samples.file("file")))));
            header.forEach(form::header);
            var sent = rig.send(form);
            assertEquals(200, sent.status(), sent.message());
            var file = with(
                            "/message/" + sent.results().path("message_id").asText() + "/download?phone=" + ApiRig.BOB,
                            header)
                    .results();
            assertEquals(200, rig.get("/" + file.path("file_path").asText()).status());
        } finally {
            rig.delete(path);
        }
    }

    @ParameterizedTest
    @CsvSource({"' '", "' a'", "a/b", "..", ".", "'a\tb'"})
    void aNameThatNoAddressCanHoldIsRefused(String name) {
        var reply = rig.post("/devices", ApiRig.object().put("device_id", name));
        assertEquals(400, reply.status());
        assertTrue(reply.message().startsWith("device_id:"), reply.message());
    }
}
