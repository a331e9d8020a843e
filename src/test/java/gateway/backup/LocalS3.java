package gateway.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import gateway.config.source.remote.AwsSignatures;

/**
 * S3's protocol as far as backups speak it, after its documentation, with faults on demand. It refuses what is not
 * signed with its key. That the real protocol is spoken is proven by {@code make backup-targets}, with moto and rclone.
 */
public final class LocalS3 implements AutoCloseable {
    public static final String ID = "AKIDLOCALS3";
    public static final String SECRET = "local-secret";
    public static final String BUCKET = "backups";

    /** What the server does wrong. */
    public enum Fault {
        NONE,
        /** Says that it took an object, and keeps half of it. */
        KEEPS_HALF,
        /** Says that it took an object, and keeps another byte in its middle. */
        ALTERS_A_BYTE,
        /** Says that it took an object, and has none. */
        KEEPS_NOTHING,
        /** Ends the connection in the second part of an upload, at each try. */
        CUTS_THE_UPLOAD,
        /** Has no room. */
        IS_FULL,
        /** Does not encrypt. */
        IGNORES_ENCRYPTION
    }

    /** An object as it was sent. */
    public record Stored(byte[] bytes, Map<String, String> headers) {}

    public final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    public final Map<String, TreeMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private final Map<String, Stored> begun = new ConcurrentHashMap<>();
    public volatile Fault fault = Fault.NONE;
    volatile int refusals;
    /** Bytes that each object pretends to have, in the list and when it is read. */
    volatile long pretended;
    /** An object that is read has no end; how many bytes of one were given. */
    volatile boolean sendsOn;

    final AtomicLong sent = new AtomicLong();
    /** The list never ends; how many of its pages were given. */
    volatile boolean endless;

    final AtomicInteger pages = new AtomicInteger();
    private final HttpServer server;

    public LocalS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            if (!AwsSignatures.good(exchange, body, ID, SECRET, "us-east-1", "s3")) {
                error(exchange, 403, "SignatureDoesNotMatch");
                return;
            }
            if (refusals > 0) {
                refusals--;
                error(exchange, 503, "SlowDown");
                return;
            }
            var path = exchange.getRequestURI().getPath().substring(1);
            var query = query(exchange);
            if (!path.equals(BUCKET) && !path.startsWith(BUCKET + "/")) {
                error(exchange, 404, "NoSuchBucket");
            } else if (path.equals(BUCKET)) {
                bucket(exchange, query);
            } else {
                object(exchange, path.substring(BUCKET.length() + 1), query, body);
            }
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = new TreeMap<String, String>();
        for (var pair : Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                .orElse("")
                .split("&")) {
            var parts = pair.split("=", 2);
            query.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    /** Lists two objects a page, so that reading on is needed. */
    private void bucket(HttpExchange exchange, Map<String, String> query) throws IOException {
        var prefix = query.getOrDefault("prefix", "");
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        if (query.containsKey("uploads")) {
            xml.append("<ListMultipartUploadsResult>");
            begun.forEach((id, one) ->
                    xml.append("<Upload><Key>" + id.split("!")[0] + "</Key><UploadId>" + id + "</UploadId></Upload>"));
            reply(exchange, 200, xml + "</ListMultipartUploadsResult>");
            return;
        }
        xml.append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        if (endless) {
            int page = pages.incrementAndGet();
            for (int i = 0; i < 1000; i++) {
                xml.append("<Contents><Key>" + prefix + page + "-" + i + "-" + "x".repeat(3_000)
                        + "</Key><Size>1</Size></Contents>");
            }
            xml.append("<IsTruncated>true</IsTruncated><NextContinuationToken>" + page + "</NextContinuationToken>");
            reply(exchange, 200, xml + "</ListBucketResult>");
            return;
        }
        var keys = objects.tailMap(query.getOrDefault("continuation-token", prefix), true).keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .toList();
        keys.stream()
                .limit(2)
                .forEach(key -> xml.append("<Contents><Key>" + key + "</Key><Size>"
                        + (pretended > 0 && !key.endsWith(".sha256") ? pretended : objects.get(key).bytes.length)
                        + "</Size></Contents>"));
        xml.append("<IsTruncated>" + (keys.size() > 2) + "</IsTruncated>");
        if (keys.size() > 2) {
            xml.append("<NextContinuationToken>" + keys.get(2) + "</NextContinuationToken>");
        }
        reply(exchange, 200, xml + "</ListBucketResult>");
    }

    private void object(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        var id = query.getOrDefault("uploadId", "");
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, key, query, body);
            case "POST" -> {
                if (query.containsKey("uploads")) {
                    var fresh = key + "!" + begun.size() + "/+=";
                    begun.put(fresh, new Stored(body, sent(exchange)));
                    uploads.put(fresh, new TreeMap<>());
                    reply(
                            exchange,
                            200,
                            "<InitiateMultipartUploadResult><UploadId>" + fresh
                                    + "</UploadId></InitiateMultipartUploadResult>");
                } else {
                    var all = new ByteArrayOutputStream();
                    for (var part : uploads.remove(id).values()) {
                        all.write(part);
                    }
                    store(key, all.toByteArray(), begun.remove(id).headers);
                    reply(
                            exchange,
                            200,
                            "<CompleteMultipartUploadResult><Key>" + key + "</Key></CompleteMultipartUploadResult>");
                }
            }
            case "DELETE" -> {
                if (id.isEmpty()) {
                    objects.remove(key);
                } else {
                    uploads.remove(id);
                    begun.remove(id);
                }
                exchange.sendResponseHeaders(204, -1);
            }
            default -> get(exchange, key);
        }
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        var headers = exchange.getRequestHeaders();
        if (headers.containsKey("x-amz-object-lock-mode") && !headers.containsKey("x-amz-sdk-checksum-algorithm")) {
            error(exchange, 400, "MissingUploadObjectWithObjectLockHeaders");
            return;
        }
        if (fault == Fault.IS_FULL) {
            error(exchange, 507, "InsufficientStorage");
            return;
        }
        if (query.containsKey("uploadId")) {
            int number = Integer.parseInt(query.get("partNumber"));
            if (fault == Fault.CUTS_THE_UPLOAD && number == 2) {
                return;
            }
            uploads.get(query.get("uploadId")).put(number, body);
        } else {
            store(key, body, sent(exchange));
        }
        exchange.getResponseHeaders().set("ETag", "\"" + body.length + "\"");
        exchange.sendResponseHeaders(200, -1);
    }

    private static Map<String, String> sent(HttpExchange exchange) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        return headers;
    }

    private void store(String key, byte[] bytes, Map<String, String> headers) {
        var kept = bytes.clone();
        boolean sum = key.endsWith(".sha256");
        if (fault == Fault.ALTERS_A_BYTE && !sum) {
            kept[kept.length / 2] ^= 1;
        }
        if (fault == Fault.KEEPS_HALF && !sum) {
            kept = Arrays.copyOf(kept, kept.length / 2);
        }
        if (fault != Fault.KEEPS_NOTHING || sum) {
            objects.put(key, new Stored(kept, headers));
        }
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        var stored = objects.get(key);
        if (stored == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        var encryption = stored.headers.get("x-amz-server-side-encryption");
        if (encryption != null && fault != Fault.IGNORES_ENCRYPTION) {
            exchange.getResponseHeaders().set("x-amz-server-side-encryption", encryption);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(stored.bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        var range = exchange.getRequestHeaders()
                .getFirst("Range")
                .replace("bytes=", "")
                .split("-");
        if (sendsOn && !key.endsWith(".sha256")) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + range[0] + "-" + range[1] + "/" + Long.MAX_VALUE / 10_000);
            int length = (int) (Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1);
            sent.addAndGet(length);
            exchange.sendResponseHeaders(206, length);
            exchange.getResponseBody().write(new byte[length]);
            return;
        }
        int from = Integer.parseInt(range[0]);
        if (from >= stored.bytes.length) {
            error(exchange, 416, "InvalidRange");
            return;
        }
        int to = (int) Math.min(stored.bytes.length, Long.parseLong(range[1]) + 1);
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + stored.bytes.length);
        exchange.sendResponseHeaders(206, to - from);
        exchange.getResponseBody().write(stored.bytes, from, to - from);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        reply(exchange, status, "<Error><Code>" + code + "</Code></Error>");
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
