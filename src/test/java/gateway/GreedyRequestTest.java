package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that ask for more memory or processor time than their share, against the whole program with its own heap.
 */
class GreedyRequestTest {
    private static final String BOUNDARY = "boundary-of-the-greedy";
    private static final String CHAT = "6281234567890";
    /** Four bytes in UTF-8, two chars in Java. */
    private static final String EMOJI = "😀";

    /** Replies of 1.7 MB each. */
    private static final int ASKED = 8;

    @TempDir
    Path folder;

    @Test
    void aPictureOfOneVeryLongRowIsRefusedAtEveryEntrance() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            pair(program);
            var picture = HostilePictures.wide(20_000_000);
            assertTrue(picture.length < 70_000, "a small file: " + picture.length);
            var group = Program.json(program.post("/group", "{\"title\":\"g\",\"participants\":[\"" + CHAT + "\"]}"))
                    .path("results")
                    .path("group_id")
                    .asText();
            for (var entrance : Map.of(
                            "/send/image",
                            "image",
                            "/send/sticker",
                            "sticker",
                            "/user/avatar",
                            "avatar",
                            "/group/photo",
                            "photo")
                    .entrySet()) {
                var reply = upload(
                        program,
                        entrance.getKey(),
                        entrance.getValue(),
                        picture,
                        Map.of("phone", CHAT, "group_id", group));
                assertEquals(400, reply, entrance.getKey());
            }
            assertEquals(200, program.get("/livez").statusCode());
        }
    }

    @Test
    void aPictureOfManyScansIsRefusedAndTheServerAnswersMeanwhile() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            pair(program);
            var hostile = HostilePictures.scans(7_000, 300);
            var costly = HostilePictures.scans(800, 30);
            assertTrue(hostile.length < 330_000, "a small file: " + hostile.length);
            var slowest = new AtomicInteger();
            var statuses = together(
                    12,
                    i -> upload(
                            program,
                            i % 2 == 0 ? "/send/image" : "/user/avatar",
                            i % 2 == 0 ? "image" : "avatar",
                            i % 3 == 0 ? hostile : costly,
                            Map.of("phone", CHAT)),
                    () -> {
                        long began = System.nanoTime();
                        assertEquals(200, program.get("/livez").statusCode());
                        slowest.accumulateAndGet(
                                (int) Duration.ofNanos(System.nanoTime() - began)
                                        .toMillis(),
                                Math::max);
                    });
            assertEquals(4, statuses.getOrDefault(400, 0), "the hostile ones: " + statuses);
            assertTrue(Set.of(200, 400, 503).containsAll(statuses.keySet()), statuses.toString());
            assertTrue(statuses.getOrDefault(200, 0) > 0, "the others are decoded: " + statuses);
            assertTrue(slowest.get() < 3_000, "/livez took " + slowest + " ms");
        }
    }

    @Test
    void manyReadersOfTheLargestReplyGetItOrAreToldToComeBack() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            fill(program);
            var path = "/chat/" + CHAT + "@s.whatsapp.net/messages?limit=100";
            var whole = program.get(path);
            assertEquals(200, whole.statusCode());
            var page = Program.json(whole).path("results").path("data");
            assertEquals(100, page.size());
            assertEquals(EMOJI.repeat(4_096), page.path(0).path("content").asText());
            assertTrue(!whole.body().contains("\\ud83d") && !whole.body().contains("\\uD83D"), "UTF-8 as it is");
            long bytes = whole.body().getBytes(StandardCharsets.UTF_8).length;
            assertTrue(bytes < 100 * (4 * 4_096 + 1_000), bytes + " bytes");
            var slow = new ArrayList<Socket>();
            try {
                for (int i = 0; i < 40; i++) {
                    slow.add(slowReader(program, path));
                }
                var statuses = together(
                        40,
                        i -> {
                            var reply = program.get(path);
                            assertTrue(reply.statusCode() == 200
                                    || reply.headers().firstValue("Retry-After").isPresent());
                            return reply.statusCode();
                        },
                        () -> assertEquals(200, program.get("/livez").statusCode()));
                assertTrue(Set.of(200, 503).containsAll(statuses.keySet()), statuses.toString());
                // Nobody reads at the other end of these: after ten seconds they are cut, and their memory is there for
                // others.
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> program.get(path).statusCode() == 200 && used(program) < 8_000_000);
                assertTrue(metric(program, "whatsapp_http_slow_readers_total") > 0);
            } finally {
                for (var socket : slow) {
                    socket.close();
                }
            }
            await().until(() -> used(program) == 0);
        }
    }

    @Test
    void manyLargeBodiesWaitOrAreToldToComeBack() throws Exception {
        try (var program = Program.rest(folder, Map.of("WHATSAPP_SEND_WAIT", "2s"))) {
            pair(program);
            var ballast = "{},".repeat(16_000);
            var body = "{\"phone\":\"" + CHAT + "\",\"message\":\"m\",\"x\":[" + ballast + "{}]}";
            var statuses = together(
                    200,
                    i -> program.post("/send/message", body).statusCode(),
                    () -> assertEquals(200, program.get("/livez").statusCode()));
            assertTrue(Set.of(200, 503).containsAll(statuses.keySet()), statuses.toString());
            assertTrue(statuses.getOrDefault(200, 0) > 0, statuses.toString());
            assertEquals(
                    400,
                    program.post(
                                    "/send/message",
                                    "{\"phone\":\"" + CHAT + "\",\"message\":\"m\",\"x\":[" + "{},".repeat(100_000)
                                            + "{}]}")
                            .statusCode(),
                    "more than a text may hold");
        }
    }

    private interface Call {
        int run(int number) throws Exception;
    }

    private interface Meanwhile {
        void run() throws Exception;
    }

    /** Runs the calls at once, and the other over and over until they are done; returns how often each status came. */
    private static Map<Integer, Integer> together(int calls, Call call, Meanwhile meanwhile) throws Exception {
        var statuses = new ConcurrentSkipListMap<Integer, Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < calls; i++) {
                int number = i;
                all.add(threads.submit((Callable<?>) () -> statuses.merge(call.run(number), 1, Integer::sum)));
            }
            do {
                meanwhile.run();
            } while (!all.stream().allMatch(Future::isDone));
            for (var one : all) {
                one.get();
            }
        }
        return new TreeMap<>(statuses);
    }

    private static void pair(Program program) throws Exception {
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
    }

    static void fill(Program program) throws Exception {
        pair(program);
        var body = "{\"phone\":\"" + CHAT + "\",\"message\":\"" + EMOJI.repeat(4_096) + "\"}";
        assertEquals(
                Map.of(200, 100),
                together(100, i -> program.post("/send/message", body).statusCode(), () -> {}));
    }

    private static int upload(Program program, String path, String field, byte[] picture, Map<String, String> texts)
            throws Exception {
        var out = new ByteArrayOutputStream();
        texts.forEach((name, value) -> out.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"p\"\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(picture);
        out.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return program.send(program.request(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(BodyPublishers.ofByteArray(out.toByteArray())))
                .statusCode();
    }

    /** Asks more often than the kernel's buffers hold replies, and reads none. */
    static Socket slowReader(Program program, String path) throws Exception {
        var url = URI.create(program.url());
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8))
                                + "\r\n\r\n")
                        .repeat(ASKED)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    static double used(Program program) throws Exception {
        return metric(program, "whatsapp_memory_budget_used_bytes");
    }

    static double metric(Program program, String name) throws Exception {
        return List.of(program.metrics().split("\n")).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .orElseThrow();
    }
}
