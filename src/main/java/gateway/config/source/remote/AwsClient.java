package gateway.config.source.remote;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** AWS Secrets Manager's JSON protocol 1.1 over HTTPS: the two operations that are needed, without the SDK's 15 MB. */
final class AwsClient {
    private static final String TYPE = "application/x-amz-json-1.1";

    private final URI endpoint;
    private final SigV4 signature;
    private final AwsKeys keys;
    private final JsonHttp http;
    private final InstantSource clock;

    AwsClient(Lookup lookup, InstantSource clock) throws StoreTrouble {
        var region = AwsSigner.region(lookup)
                .orElseThrow(() ->
                        new StoreTrouble("cannot be read without a region", "set AWS_REGION, such as eu-central-1"));
        this.endpoint = JsonHttp.secure(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                lookup.text("AWS_ENDPOINT_URL_SECRETS_MANAGER")
                        .orElse("https://secretsmanager." + region + ".amazonaws.com"));
        this.signature = new SigV4(region, "secretsmanager");
        this.http = new JsonHttp(Optional.empty());
        this.keys = new AwsKeys(lookup, http, clock);
        this.clock = clock;
    }

    /** The secret's current text; empty when there is no such secret. */
    synchronized Optional<String> read(String id) throws StoreTrouble {
        var reply = call("GetSecretValue", JsonHttp.JSON.createObjectNode().put("SecretId", id), true);
        if (reply.status() == 200 && reply.body().path("SecretString").isTextual()) {
            return Optional.of(reply.text("SecretString"));
        }
        if (reply.text("__type").endsWith("ResourceNotFoundException")) {
            return Optional.empty();
        }
        throw refused("cannot be read", id, "secretsmanager:GetSecretValue", reply);
    }

    /** Makes the text the secret's current version; AWS keeps the one before as AWSPREVIOUS. */
    synchronized void write(String id, String text) throws StoreTrouble {
        var reply = call(
                "PutSecretValue",
                JsonHttp.JSON
                        .createObjectNode()
                        .put("SecretId", id)
                        .put("SecretString", text)
                        .put("ClientRequestToken", UUID.randomUUID().toString()),
                false);
        if (reply.status() != 200) {
            throw refused("did not take the new secret", id, "secretsmanager:PutSecretValue", reply);
        }
    }

    private static StoreTrouble refused(String what, String id, String action, JsonHttp.Reply reply) {
        // The type is one of AWS' own words; the message is not repeated.
        var type = reply.text("__type").replaceFirst("^.*#", "").replaceAll("[^A-Za-z]", "");
        return trouble(
                type,
                what + ": AWS answered " + reply.status() + " " + type + " for " + id,
                "allow " + action + " on it to this key or role");
    }

    /** AWS answers 400 when it is asked too often, by words of its own. */
    private static StoreTrouble trouble(String type, String what, String remedy) {
        return type.startsWith("Throttling") || type.startsWith("InternalService")
                ? StoreTrouble.passing(what, "look at the service's state")
                : new StoreTrouble(what, remedy);
    }

    private JsonHttp.Reply call(String operation, ObjectNode body, boolean repeatable) throws StoreTrouble {
        var text = body.toString();
        var uri = endpoint.getRawPath().isEmpty() ? endpoint.resolve("/") : endpoint;
        var headers = signature.sign(
                "POST",
                uri,
                Map.of("Content-Type", TYPE, "X-Amz-Target", "secretsmanager." + operation),
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                keys.current(),
                clock.instant());
        var request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(text));
        headers.forEach(request::header);
        return repeatable ? http.patiently(request) : http.once(request);
    }
}
