package gateway.config.source.remote;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * HashiCorp Vault's KV version 2 over HTTP (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2), as the guide's
 * {@code vault kv get} uses it. A token is renewed when two thirds of its time are over, an AppRole logs in again when
 * its token has ended.
 */
final class VaultClient {
    private final URI address;
    private final Optional<String> namespace;
    private final Lookup lookup;
    private final InstantSource clock;
    private final JsonHttp http;
    private String token = "";
    /** When to renew; {@link Instant#MAX} for a token that does not end or cannot be renewed. */
    private Instant renewAt = Instant.MAX;

    VaultClient(Lookup lookup, InstantSource clock) throws StoreTrouble {
        this.address = JsonHttp.secure(
                "VAULT_ADDR",
                lookup.text("VAULT_ADDR")
                        .orElseThrow(() -> new StoreTrouble(
                                "cannot be used without an address",
                                "set VAULT_ADDR, such as https://vault.example.com:8200")));
        this.namespace = lookup.text("VAULT_NAMESPACE");
        this.lookup = lookup;
        this.clock = clock;
        this.http = new JsonHttp(lookup.text("VAULT_CACERT").map(Path::of));
    }

    /** The fields of the secret's newest version, and its number. */
    record Version(JsonNode fields, int number) {}

    synchronized Version read(String path) throws StoreTrouble {
        authenticate();
        var reply = http.patiently(request(data(path)).GET());
        if (reply.status() == 403 && appRole().isPresent()) {
            token = "";
            authenticate();
            reply = http.patiently(request(data(path)).GET());
        }
        return switch (reply.status()) {
            case 200 ->
                new Version(
                        reply.body().path("data").path("data"),
                        reply.body()
                                .path("data")
                                .path("metadata")
                                .path("version")
                                .asInt());
            case 404 ->
                throw new StoreTrouble(
                        "names a path that Vault does not have", "put it there with `vault kv put " + path + " …`");
            case 403 ->
                throw new StoreTrouble(
                        "is forbidden to this token or role, or its time is over",
                        "give its policy `read` on " + data(path) + ", or a new token");
            default ->
                throw new StoreTrouble("cannot be read: Vault answered " + reply.status(), "look at Vault's log");
        };
    }

    /** Adds a version with one field changed, unless somebody else was faster (check-and-set). */
    synchronized void write(String path, String field, String value) throws StoreTrouble {
        var before = read(path);
        var body = JsonHttp.JSON.createObjectNode();
        body.putObject("options").put("cas", before.number());
        body.set("data", ((ObjectNode) before.fields().deepCopy()).put(field, value));
        var reply = http.once(request(data(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
        switch (reply.status()) {
            case 200, 204 -> {}
            case 400 -> throw new StoreTrouble("was changed by somebody else at the same time", "rotate again");
            case 403 ->
                throw new StoreTrouble("may not be written to", "give the token's policy `update` on " + data(path));
            default ->
                throw new StoreTrouble(
                        "did not take the new secret: Vault answered " + reply.status(), "look at Vault's log");
        }
    }

    /** {@code secret/whatsapp} is {@code secret/data/whatsapp} on the wire. */
    private static String data(String path) {
        return path.replaceFirst("/", "/data/");
    }

    private HttpRequest.Builder request(String path) {
        var request =
                HttpRequest.newBuilder(URI.create(address + "/v1/" + path)).header("X-Vault-Request", "true");
        if (!token.isEmpty()) {
            request.header("X-Vault-Token", token);
        }
        namespace.ifPresent(name -> request.header("X-Vault-Namespace", name));
        return request;
    }

    private void authenticate() throws StoreTrouble {
        var role = appRole();
        if (role.isEmpty()) {
            follow(lookup.text("VAULT_TOKEN")
                    .orElseThrow(() -> new StoreTrouble(
                            "cannot be read without a token",
                            "set VAULT_TOKEN_FILE, or VAULT_ROLE_ID and VAULT_SECRET_ID_FILE")));
        } else if (token.isEmpty()) {
            login(role.get());
        }
        if (!clock.instant().isBefore(renewAt)) {
            renew();
        }
    }

    private Optional<ObjectNode> appRole() {
        return lookup.text("VAULT_ROLE_ID").map(role -> {
            var body = JsonHttp.JSON.createObjectNode().put("role_id", role);
            lookup.text("VAULT_SECRET_ID").ifPresent(secret -> body.put("secret_id", secret));
            return body;
        });
    }

    /** A token that was given: how long it lives is asked once; a file with another one is followed. */
    private void follow(String given) throws StoreTrouble {
        if (given.equals(token)) {
            return;
        }
        token = given;
        var reply = http.patiently(request("auth/token/lookup-self").GET());
        // A policy may forbid the question; the token is then used for as long as it lasts.
        schedule(
                reply.status() == 200
                                && reply.body().path("data").path("renewable").asBoolean()
                        ? reply.body().path("data").path("ttl").asLong()
                        : 0);
    }

    private void login(ObjectNode role) throws StoreTrouble {
        var reply = http.patiently(request("auth/approle/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(role.toString())));
        if (reply.status() != 200 || reply.text("auth", "client_token").isEmpty()) {
            throw new StoreTrouble(
                    "cannot be read: Vault refused the AppRole login (" + reply.status() + ")",
                    "check VAULT_ROLE_ID and VAULT_SECRET_ID");
        }
        taken(reply);
    }

    private void renew() throws StoreTrouble {
        var reply = http.patiently(request("auth/token/renew-self")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        if (reply.status() == 200) {
            taken(reply);
        } else if (appRole().isPresent()) {
            token = "";
            login(appRole().get());
        } else {
            // The token may be used until it ends; the read then says so.
            schedule(0);
        }
    }

    private void taken(JsonHttp.Reply reply) {
        token = reply.text("auth", "client_token");
        schedule(reply.body().path("auth").path("lease_duration").asLong());
    }

    private void schedule(long seconds) {
        renewAt = seconds <= 0
                ? Instant.MAX
                : clock.instant()
                        .plus(Duration.ofSeconds(seconds).multipliedBy(2).dividedBy(3));
    }
}
