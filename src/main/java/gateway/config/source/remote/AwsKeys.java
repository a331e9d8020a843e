package gateway.config.source.remote;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The key that requests to AWS are signed with, from the places the AWS tools look in: {@code AWS_ACCESS_KEY_ID} and
 * its kin, the container's credential endpoint (ECS, EKS), the instance's (IMDSv2). What is temporary is fetched anew
 * five minutes before it ends.
 */
final class AwsKeys {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final String CONTAINER_HOST = "http://169.254.170.2";
    private static final String INSTANCE_HOST = "http://169.254.169.254";
    private static final String ROLE = "/latest/meta-data/iam/security-credentials/";

    private final Lookup lookup;
    private final InstantSource clock;
    private final JsonHttp http;
    private SigV4.@Nullable Key kept;
    private Instant keptUntil = Instant.MIN;

    AwsKeys(Lookup lookup, JsonHttp http, InstantSource clock) {
        this.lookup = lookup;
        this.http = http;
        this.clock = clock;
    }

    SigV4.Key current() throws StoreTrouble {
        var id = lookup.text("AWS_ACCESS_KEY_ID");
        if (id.isPresent()) {
            return new SigV4.Key(
                    id.get(),
                    lookup.text("AWS_SECRET_ACCESS_KEY")
                            .orElseThrow(() -> new StoreTrouble(
                                    "cannot be read without the secret half of the key",
                                    "set AWS_SECRET_ACCESS_KEY_FILE")),
                    lookup.text("AWS_SESSION_TOKEN"));
        }
        if (!clock.instant().plus(AHEAD).isBefore(keptUntil)) {
            keep(container().isPresent() ? fromContainer(container().get()) : fromInstance());
        }
        return Objects.requireNonNull(kept);
    }

    private Optional<String> container() {
        return lookup.text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                .map(path -> CONTAINER_HOST + path)
                .or(() -> lookup.text("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
    }

    private JsonHttp.Reply fromContainer(String uri) throws StoreTrouble {
        var request = HttpRequest.newBuilder(URI.create(uri));
        // AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is found like every NAME_FILE.
        lookup.text("AWS_CONTAINER_AUTHORIZATION_TOKEN").ifPresent(token -> request.header("Authorization", token));
        return http.patiently(request.GET());
    }

    /**
     * Version 2 of the instance's metadata service: a session token first, so that a forged request alone gets nothing.
     */
    private JsonHttp.Reply fromInstance() throws StoreTrouble {
        var host = lookup.text("AWS_EC2_METADATA_SERVICE_ENDPOINT")
                .orElse(INSTANCE_HOST)
                .replaceFirst("/+$", "");
        try {
            var token = http.text(HttpRequest.newBuilder(URI.create(host + "/latest/api/token"))
                    .header("X-aws-ec2-metadata-token-ttl-seconds", "300")
                    .PUT(BodyPublishers.noBody()));
            var role = http.text(HttpRequest.newBuilder(URI.create(host + ROLE))
                            .header("X-aws-ec2-metadata-token", token)
                            .GET())
                    .strip();
            return http.patiently(HttpRequest.newBuilder(URI.create(host + ROLE + role))
                    .header("X-aws-ec2-metadata-token", token)
                    .GET());
        } catch (StoreTrouble nothingThere) {
            var what =
                    "cannot be read without a key: there is none in the environment, of a container or of an instance";
            var remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY_FILE, or let the unit reach 169.254.169.254";
            throw nothingThere.isPassing() ? StoreTrouble.passing(what, remedy) : new StoreTrouble(what, remedy);
        }
    }

    private void keep(JsonHttp.Reply reply) throws StoreTrouble {
        try {
            kept = new SigV4.Key(
                    reply.text("AccessKeyId"), reply.text("SecretAccessKey"), Optional.of(reply.text("Token")));
            keptUntil = Instant.parse(reply.text("Expiration"));
        } catch (DateTimeParseException incomplete) {
            throw new StoreTrouble(
                    "cannot be read: the role's credentials did not come whole (" + reply.status() + ")",
                    "check the role of the instance or container");
        }
    }
}
