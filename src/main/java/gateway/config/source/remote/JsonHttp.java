package gateway.config.source.remote;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import gateway.config.Invalid;

/** JSON over HTTPS to a secret store, with patience for one that is just starting. Redirects are not followed. */
final class JsonHttp {
    static final ObjectMapper JSON = new ObjectMapper();
    /** AWS' largest secret is 64 KiB, Vault's default largest request 32 MiB; ours are lines. */
    private static final long MAX_REPLY = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 250;

    private final HttpClient client;

    /** A reply; the body is missing when it was empty or no JSON. */
    record Reply(int status, JsonNode body) {
        String text(String... path) {
            JsonNode node = body;
            for (var name : path) {
                node = node.path(name);
            }
            return node.asText("");
        }
    }

    /** @param authority the certificate (PEM) that the store's must come from; the system's authorities when absent */
    JsonHttp(Optional<Path> authority) throws StoreTrouble {
        this.client = client(authority);
    }

    static HttpClient client(Optional<Path> authority) throws StoreTrouble {
        var builder = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
        if (authority.isPresent()) {
            builder.sslContext(trusting(authority.get()));
        }
        return builder.build();
    }

    /** @throws StoreTrouble when the address would carry secrets over a network in clear */
    static URI secure(String setting, String address) throws StoreTrouble {
        try {
            var uri = URI.create(address.replaceFirst("/+$", ""));
            boolean here = uri.getHost() != null && (uri.getHost().equals("localhost") || isLoopback(uri.getHost()));
            if ("https".equals(uri.getScheme()) && uri.getHost() != null || "http".equals(uri.getScheme()) && here) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        var quoted = Invalid.quotationMarks(address);
        throw new StoreTrouble(
                "cannot be used, because " + setting + " "
                        + quoted.map(Invalid::what).orElse("is no https address"),
                quoted.map(Invalid::remedy).orElse("write https://host:port"));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    /**
     * A request whose repetition does no harm: tried four times within some seconds when the store is out of reach or
     * overloaded.
     */
    Reply patiently(HttpRequest.Builder request) throws StoreTrouble {
        StoreTrouble last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                if (attempt > 0) {
                    Thread.sleep(FIRST_PAUSE_MILLIS << attempt);
                }
                var reply = once(request);
                if (reply.status() != 429 && reply.status() < 500) {
                    return reply;
                }
                last = StoreTrouble.passing(
                        "cannot be read: the store answered " + reply.status(), "look at the store");
            } catch (StoreTrouble unreachable) {
                last = unreachable;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreTrouble("was not read: interrupted", "try again");
            }
        }
        throw last;
    }

    Reply once(HttpRequest.Builder request) throws StoreTrouble {
        try {
            HttpResponse<byte[]> response = client.send(
                    request.timeout(PATIENCE).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY));
            return new Reply(response.statusCode(), json(response.body()));
        } catch (SSLException untrusted) {
            throw new StoreTrouble(
                    "cannot be trusted (" + untrusted.getClass().getSimpleName() + ")",
                    "check its certificate and its authority");
        } catch (IOException unreachable) {
            throw StoreTrouble.passing(
                    "cannot be reached (" + unreachable.getClass().getSimpleName() + ")",
                    "check its address, its certificate and the network between");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreTrouble("was not read: interrupted", "try again");
        }
    }

    /** The text of a 200, from an endpoint of this machine's surroundings; tried once. */
    String text(HttpRequest.Builder request) throws StoreTrouble {
        try {
            var response = client.send(
                    request.timeout(PATIENCE).build(), BodyHandlers.limiting(BodyHandlers.ofString(), MAX_REPLY));
            if (response.statusCode() == 200) {
                return response.body();
            }
            var what = "cannot be read: it answered " + response.statusCode();
            throw response.statusCode() >= 500 || response.statusCode() == 429
                    ? StoreTrouble.passing(what, "look at it")
                    : new StoreTrouble(what, "look at it");
        } catch (StoreTrouble refused) {
            throw refused;
        } catch (IOException unreachable) {
            throw StoreTrouble.passing("cannot be reached", "check the network");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreTrouble("was not read: interrupted", "try again");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JacksonException notJson) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    private static SSLContext trusting(Path authority) throws StoreTrouble {
        try (var in = new FileInputStream(authority.toFile())) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + n++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StoreTrouble(
                    "cannot be verified, because " + authority + " holds no certificate that can be read",
                    "put the authority's certificate there, in PEM");
        }
    }
}
