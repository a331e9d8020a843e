package gateway.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    private static final String OLD = "old-secret-old-secret-old-secret";
    private static final String NEW = "new-secret-new-secret-new-secret";
    private static final String BODY = "{\"message\":{\"text\":\"héllo\"}}";

    @Test
    void aChangedBodyDoesNotVerify() {
        var headers = sign(List.of(NEW));
        assertThrows(WebhookVerificationException.class, () -> standard(NEW).verify(BODY.replace("h", "H"), headers));
    }

    @Test
    void anotherSecretDoesNotVerify() {
        assertThrows(WebhookVerificationException.class, () -> standard(OLD).verify(BODY, sign(List.of(NEW))));
    }

    @Test
    void theStandardLibraryVerifiesAPlainSecret() throws Exception {
        standard(NEW).verify(BODY, sign(List.of(NEW)));
    }

    @Test
    void theStandardLibraryVerifiesAWhsecSecret() throws Exception {
        var secret = "whsec_"
                + Base64.getEncoder().encodeToString("0123456789abcdef01234567".getBytes(StandardCharsets.UTF_8));
        new Webhook(secret).verify(BODY, sign(List.of(secret)));
    }

    @Test
    void duringRotationTheOldSecretStillVerifies() throws Exception {
        var headers = sign(List.of(NEW, OLD));
        standard(OLD).verify(BODY, headers);
        standard(NEW).verify(BODY, headers);
    }

    @Test
    void theHubHeaderIsWhatOpensslComputes() throws Exception {
        var openssl = new ProcessBuilder("openssl", "dgst", "-sha256", "-hmac", NEW, "-r").start();
        try (var in = openssl.getOutputStream()) {
            in.write(BODY.getBytes(StandardCharsets.UTF_8));
        }
        var digest = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[0];
        assertEquals("sha256=" + digest, Signer.hub(BODY.getBytes(StandardCharsets.UTF_8), NEW));
    }

    @Test
    void aFingerprintTellsSecretsApartAndHoldsNoneOfThem() {
        assertTrue(!Signer.fingerprint(OLD).equals(Signer.fingerprint(NEW)));
        assertEquals(12, Signer.fingerprint(OLD).length());
    }

    private static Webhook standard(String secret) throws com.standardwebhooks.exceptions.EmptyWebhookSecretException {
        return new Webhook(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpHeaders sign(List<String> secrets) {
        var signed = Signer.headers(
                "evt_1",
                BODY.getBytes(StandardCharsets.UTF_8),
                secrets.getFirst(),
                secrets,
                System.currentTimeMillis());
        return HttpHeaders.of(
                signed.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))),
                (name, value) -> true);
    }
}
