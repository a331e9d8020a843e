package gateway.config.source.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The signatures of AWS' published test suite ({@code aws-sig-v4-test-suite}): its key, region, service, instant and
 * requests.
 */
class SigV4Test {
    private static final SigV4.Key KEY =
            new SigV4.Key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());
    private static final String SESSION =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthA"
                    + "x7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0"
                    + "u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");
    private final SigV4 signature = new SigV4("us-east-1", "service");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | https://example.amazonaws.com/ | | | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                "POST | https://example.amazonaws.com/ | | | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
                "GET  | https://example.amazonaws.com/?Param2=value2&Param1=value1 | | | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
                "POST | https://example.amazonaws.com/?Param1=value1 | | | 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
                "POST | https://example.amazonaws.com/ | My-Header1: value1 | | c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
                "POST | https://example.amazonaws.com/ | My-Header1: VALUE1 | | cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
                "POST | https://example.amazonaws.com/ | Content-Type: application/x-www-form-urlencoded | Param1=value1 "
                        + "| ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
                "POST | https://example.amazonaws.com/ | Content-Type: application/x-www-form-urlencoded; charset=utf8 | Param1=value1 "
                        + "| 1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
            })
    void theSuitesRequestsGetTheSuitesSignatures(
            String method, String uri, String header, String body, String expected) {
        Map<String, String> headers = header == null ? Map.of() : Map.of(header.split(": ")[0], header.split(": ")[1]);
        var signed = signature.sign(
                method,
                URI.create(uri),
                headers,
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                KEY,
                THEN);
        var authorization = signed.get("Authorization");
        assertTrue(
                authorization.startsWith(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="),
                authorization);
        assertTrue(authorization.endsWith("Signature=" + expected), authorization);
    }

    /** The suite's post-sts-header-before. */
    @Test
    void aTemporaryKeysTokenIsSignedToo() {
        var signed = signature.sign(
                "POST",
                URI.create("https://example.amazonaws.com/"),
                Map.of(),
                new byte[0],
                new SigV4.Key(KEY.id(), KEY.secret(), Optional.of(SESSION)),
                THEN);
        assertTrue(
                signed.get("Authorization")
                        .endsWith("SignedHeaders=host;x-amz-date;x-amz-security-token, "
                                + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
                signed.get("Authorization"));
    }

    @Test
    void anotherBodyHasAnotherSignature() {
        var uri = URI.create("https://example.amazonaws.com/");
        assertNotEquals(
                signature.sign("POST", uri, Map.of(), new byte[] {1}, KEY, THEN).get("Authorization"),
                signature.sign("POST", uri, Map.of(), new byte[] {2}, KEY, THEN).get("Authorization"));
        assertEquals("Key[AKIDEXAMPLE]", KEY.toString());
    }
}
