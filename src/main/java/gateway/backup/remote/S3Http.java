package gateway.backup.remote;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import gateway.config.BackupAddress;
import gateway.config.source.remote.AwsSigner;
import gateway.config.source.remote.Lookup;
import gateway.digest.Sha256;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/** Signed requests to one bucket, each repeated some times when the server is out of reach or overloaded. */
final class S3Http {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 300;
    private static final int MAX_SMALL_REPLY = 4 << 20;

    private final String place;
    private final String root;
    private final AwsSigner signer;
    private final HttpClient client;

    /** A reply of the server. */
    record Reply(int status, byte[] body, HttpResponse<byte[]> whole) {
        String header(String name) {
            return whole.headers().firstValue(name).orElse("");
        }
    }

    S3Http(BackupAddress.S3 address, Lookup lookup, InstantSource clock) {
        this.place = address.name();
        var region = address.region().or(() -> AwsSigner.region(lookup));
        if (region.isEmpty() && address.endpoint().isEmpty()) {
            throw new ExplainedFault("The copies in " + place
                    + " need the bucket's region. Add ?region=eu-central-1 to the address, or set AWS_REGION.");
        }
        try {
            var host = AwsSigner.secure(
                    "endpoint", address.endpoint().orElse("https://s3." + region.orElse("") + ".amazonaws.com"));
            this.root = host + "/" + address.bucket();
            this.signer = AwsSigner.of(lookup, region.orElse("us-east-1"), "s3", clock);
            this.client = AwsSigner.client(lookup);
        } catch (IOException e) {
            throw new ExplainedFault("The address " + place + " " + e.getMessage() + ".", e);
        }
    }

    /**
     * Sends a request until the server has answered it with something else than that it is overloaded.
     *
     * @param key   the object's name; empty for the bucket itself
     * @param query names and values
     * @param most  bytes that the reply may have
     */
    Reply send(
            String method,
            String key,
            SortedMap<String, String> query,
            Map<String, String> headers,
            byte[] body,
            int most) {
        PassingFault last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            pause(attempt);
            try {
                var reply = once(method, uri(key, query), headers, body, most);
                if (reply.status() < 500 && reply.status() != 429 && reply.status() != 408) {
                    return reply;
                }
                last = new PassingFault("The server of " + place + " answered " + reply.status() + " "
                        + S3Xml.error(reply.body()) + ". Look at that server; the next run tries again.");
            } catch (PassingFault unreachable) {
                last = unreachable;
            }
        }
        throw last;
    }

    /** As {@link #send} for a request without parameters and body. */
    Reply send(String method, String key) {
        return send(method, key, new TreeMap<>(), Map.of(), new byte[0], MAX_SMALL_REPLY);
    }

    private void pause(int attempt) {
        try {
            if (attempt > 0) {
                Thread.sleep(FIRST_PAUSE_MILLIS << attempt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The work on " + place + " was interrupted.", e);
        }
    }

    private URI uri(String key, SortedMap<String, String> query) {
        var text = query.entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(root + (key.isEmpty() ? "" : "/" + key) + (text.isEmpty() ? "" : "?" + text));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** The time limit holds for the whole reply, so no server keeps this program waiting. */
    private Reply once(String method, URI uri, Map<String, String> headers, byte[] body, int most) {
        try {
            var all = new TreeMap<>(headers);
            var hash = Sha256.hex(body);
            all.put("x-amz-content-sha256", hash);
            var request = signer.signed(method, uri, all, hash)
                    .timeout(PATIENCE)
                    .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                    .build();
            var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
            try {
                var response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return new Reply(response.statusCode(), response.body(), response);
            } finally {
                answer.cancel(true);
            }
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (IOException e) {
            var told = "The copies in " + place + " cannot be reached: the key of AWS " + e.getMessage() + ".";
            throw AwsSigner.isPassing(e) ? new PassingFault(told, e) : new ExplainedFault(told, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The work on " + place + " was interrupted.", e);
        }
    }

    private RuntimeException unreachable(Throwable why) {
        if (why instanceof javax.net.ssl.SSLException) {
            return new ExplainedFault(
                    "The server of " + place
                            + " cannot be trusted. Check its certificate, or name its authority's with AWS_CA_BUNDLE.",
                    why);
        }
        return new PassingFault(
                "The server of " + place + " cannot be reached or broke off ("
                        + why.getClass().getSimpleName() + "). Check the network; the next run tries again.",
                why);
    }

    /** The fault that a refusing reply means. */
    ExplainedFault refused(String deed, Reply reply, String action) {
        var code = S3Xml.error(reply.body());
        var told = "The place " + place + " did not " + deed + ": it answered " + reply.status()
                + (code.isEmpty() ? "" : " " + code) + ". ";
        if (code.contains("Quota") || code.contains("StorageFull") || code.contains("Insufficient")) {
            return new PassingFault(told + "Make room there.");
        }
        return switch (code) {
            case "NoSuchBucket" -> new ExplainedFault(told + "Make the bucket, or correct its name.");
            case "RequestTimeTooSkewed" ->
                new ExplainedFault(told + "The clock of this machine differs from the server's; look at timedatectl.");
            default -> new ExplainedFault(told + "Allow " + action + " to this key or role.");
        };
    }
}
