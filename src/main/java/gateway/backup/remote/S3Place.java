package gateway.backup.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import gateway.config.BackupAddress;
import gateway.config.source.remote.Lookup;
import gateway.digest.Sha256;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/**
 * A bucket of S3. A larger file goes up in parts, so little memory is needed and a part that is cut is sent again.
 * It comes back in ranges for the same reasons.
 */
final class S3Place implements RemotePlace {
    /** The least that S3 takes for a part is 5 MiB. */
    private static final int PART = 8 << 20;

    private static final int MAX_PARTS = 10_000;
    /** Bytes of a whole list, page by page: some forty thousand names. */
    private static final long MAX_LIST = 16 << 20;

    private static final int MAX_PAGES = 1_000;

    private static final int MAX_SMALL_REPLY = 4 << 20;
    private static final String CHECKSUM = "x-amz-checksum-sha256";
    private static final String ENCRYPTION = "x-amz-server-side-encryption";

    private final BackupAddress.S3 address;
    private final InstantSource clock;
    private final S3Http http;

    S3Place(BackupAddress.S3 address, Lookup lookup, InstantSource clock) {
        this.address = address;
        this.clock = clock;
        this.http = new S3Http(address, lookup, clock);
    }

    @Override
    public String name() {
        return address.name();
    }

    private String key(String name) {
        return address.prefix() + name;
    }

    @Override
    public SortedMap<String, Long> files() {
        var files = new TreeMap<String, Long>();
        var after = Optional.<String>empty();
        int pages = 0;
        long bytes = 0;
        do {
            if (++pages > MAX_PAGES || bytes > MAX_LIST) {
                throw new ExplainedFault(
                        "The list of " + name() + " does not end. Give the backups a prefix of their own.");
            }
            var query = new TreeMap<>(Map.of("list-type", "2", "prefix", address.prefix(), "delimiter", "/"));
            after.ifPresent(token -> query.put("continuation-token", token));
            var reply = http.send("GET", "", query, Map.of(), new byte[0], MAX_SMALL_REPLY);
            bytes += reply.body().length;
            var list = xml(reply, "Contents", "ListBucketResult", "list its objects", "s3:ListBucket");
            for (var object : list.groups()) {
                var key = object.getOrDefault("Key", "");
                var file = key.startsWith(address.prefix())
                        ? key.substring(address.prefix().length())
                        : "";
                if (NAME.matcher(file).matches()) {
                    files.put(file, Math.max(0, number(object.getOrDefault("Size", ""))));
                }
            }
            after = list.texts().getOrDefault("IsTruncated", "false").equals("true")
                    ? Optional.ofNullable(list.texts().get("NextContinuationToken"))
                    : Optional.empty();
        } while (after.isPresent());
        return files;
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }

    private S3Xml xml(S3Http.Reply reply, String group, String root, String deed, String action) {
        return Optional.of(reply)
                .filter(answer -> answer.status() == 200)
                .flatMap(answer -> S3Xml.read(answer.body(), group))
                .filter(answer -> answer.root().equals(root))
                .orElseThrow(() -> http.refused(deed, reply, action));
    }

    @Override
    public void put(Path file, String name) {
        try (var content = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size <= PART) {
                whole(name, content.readNBytes(PART));
            } else {
                parts(name, content, (int) Math.max(PART, size / MAX_PARTS + 1));
            }
            confirm(name, size);
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file + " cannot be read", e, file);
        }
    }

    private Map<String, String> wanted() {
        var headers = new TreeMap<>(Map.of("Content-Type", "application/octet-stream"));
        address.storageClass().ifPresent(name -> headers.put("x-amz-storage-class", name));
        address.encryption().ifPresent(name -> headers.put(ENCRYPTION, name));
        if (address.lockDays() > 0) {
            headers.put("x-amz-object-lock-mode", "COMPLIANCE");
            headers.put(
                    "x-amz-object-lock-retain-until-date",
                    clock.instant()
                            .plus(Duration.ofDays(address.lockDays()))
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
        }
        return headers;
    }

    private static String checksum(byte[] bytes) {
        return Base64.getEncoder().encodeToString(Sha256.of(bytes));
    }

    /** The checksum's headers; without the first, no object with a lock is taken. */
    private static Map<String, String> checked(String sum) {
        return Map.of("x-amz-sdk-checksum-algorithm", "SHA256", CHECKSUM, sum);
    }

    private void whole(String name, byte[] bytes) {
        var headers = wanted();
        headers.putAll(checked(checksum(bytes)));
        var reply = http.send("PUT", key(name), new TreeMap<>(), headers, bytes, MAX_SMALL_REPLY);
        if (reply.status() != 200) {
            throw http.refused("take the file " + name, reply, "s3:PutObject");
        }
    }

    private void parts(String name, InputStream content, int length) throws IOException {
        var headers = wanted();
        headers.put("x-amz-checksum-algorithm", "SHA256");
        var begun = http.send(
                "POST", key(name), new TreeMap<>(Map.of("uploads", "")), headers, new byte[0], MAX_SMALL_REPLY);
        var id = xml(begun, "", "InitiateMultipartUploadResult", "begin the file " + name, "s3:PutObject")
                .texts()
                .getOrDefault("UploadId", "");
        try {
            var done = new ArrayList<String>();
            for (var bytes = content.readNBytes(length); bytes.length > 0; bytes = content.readNBytes(length)) {
                done.add(part(name, id, done.size() + 1, bytes));
            }
            complete(name, id, done);
        } catch (IOException | ExplainedFault e) {
            abort(key(name), id);
            throw e;
        }
    }

    private String part(String name, String id, int number, byte[] bytes) {
        var sum = checksum(bytes);
        var reply = http.send(
                "PUT",
                key(name),
                new TreeMap<>(Map.of("partNumber", String.valueOf(number), "uploadId", id)),
                checked(sum),
                bytes,
                MAX_SMALL_REPLY);
        var tag = reply.header("ETag");
        if (reply.status() != 200 || !tag.matches("\"?[A-Za-z0-9+/=-]{1,200}\"?")) {
            throw http.refused("take part " + number + " of the file " + name, reply, "s3:PutObject");
        }
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + tag.replace("\"", "&quot;")
                + "</ETag><ChecksumSHA256>" + sum + "</ChecksumSHA256></Part>";
    }

    /** The answer can be an error although its status is 200. */
    private void complete(String name, String id, List<String> parts) {
        var body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + String.join("", parts) + "</CompleteMultipartUpload>";
        var reply = http.send(
                "POST",
                key(name),
                new TreeMap<>(Map.of("uploadId", id)),
                Map.of("Content-Type", "application/xml"),
                body.getBytes(StandardCharsets.UTF_8),
                MAX_SMALL_REPLY);
        xml(reply, "", "CompleteMultipartUploadResult", "put the file " + name + " together", "s3:PutObject");
    }

    /** Asks for what was stored: its size, and how it is encrypted. */
    private void confirm(String name, long size) {
        var reply = http.send("HEAD", key(name));
        if (reply.status() != 200 || number(reply.header("Content-Length")) != size) {
            throw new ExplainedFault("The place " + name() + " took the file " + name
                    + " and does not show it as it was sent (status " + reply.status() + ", size "
                    + reply.header("Content-Length") + " instead of " + size + "). Look at that server.");
        }
        if (address.encryption()
                .filter(kind -> !kind.equals(reply.header(ENCRYPTION)))
                .isPresent()) {
            throw new ExplainedFault("The place " + name() + " has not encrypted the file " + name
                    + " as it was told. Look at that server, or add encryption=none to the address.");
        }
    }

    @Override
    public void get(String name, long most, OutputStream into) throws IOException {
        long at = 0;
        long size = 1;
        while (at < size) {
            long last = at + PART - 1;
            var reply = http.send(
                    "GET",
                    key(name),
                    new TreeMap<>(),
                    Map.of("Range", "bytes=" + at + "-" + last),
                    new byte[0],
                    PART + 1);
            // 416: there is nothing at that place, because the file is empty or became shorter.
            if (reply.status() == 416) {
                return;
            }
            if (reply.status() != 206 && reply.status() != 200) {
                throw http.refused("give the file " + name, reply, "s3:GetObject");
            }
            into.write(reply.body(), 0, (int) Math.min(reply.body().length, most + 1 - at));
            at += reply.body().length;
            size = reply.status() == 200 || reply.body().length == 0 || at > most
                    ? at
                    : number(reply.header("Content-Range").replaceFirst("^.*/", ""));
        }
    }

    @Override
    public void delete(String name) {
        var reply = http.send("DELETE", key(name));
        if (reply.status() != 204 && reply.status() != 200 && reply.status() != 404) {
            throw http.refused("remove the file " + name, reply, "s3:DeleteObject");
        }
    }

    @Override
    public void sweep(String beginning) {
        var reply = http.send(
                "GET",
                "",
                new TreeMap<>(Map.of("uploads", "", "prefix", key(beginning))),
                Map.of(),
                new byte[0],
                MAX_SMALL_REPLY);
        // Not every server tells of unfinished uploads; one that does not has a rule of its own for them.
        if (reply.status() == 200) {
            S3Xml.read(reply.body(), "Upload")
                    .ifPresent(list -> list.groups().forEach(upload -> {
                        var key = upload.getOrDefault("Key", "");
                        if (key.startsWith(key(beginning)) && key.matches("[A-Za-z0-9._/-]+")) {
                            abort(key, upload.getOrDefault("UploadId", ""));
                        }
                    }));
        }
    }

    private void abort(String key, String id) {
        try {
            http.send("DELETE", key, new TreeMap<>(Map.of("uploadId", id)), Map.of(), new byte[0], MAX_SMALL_REPLY);
        } catch (ExplainedFault away) {
            // The next run removes the unfinished upload.
            return;
        }
    }
}
