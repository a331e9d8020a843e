package gateway.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.digest.Sha256;
import gateway.http.ContentType;
import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;

/** The contract's operations on instances, {@code /admin/instances…}; all of them behind the gate. */
public final class AdminApi implements HttpService {
    /** The largest body: ten fields of at most 4 KiB each, in JSON's longest spelling of a character. */
    public static final long BODY_BYTES = 256 * 1024;

    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final String ALL = "/admin/instances";
    private static final String ONE = "/admin/instances/{port}";

    private final Instances instances;

    public AdminApi(Instances instances) {
        this.instances = instances;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post(ALL, this::create)
                .get(ALL, this::list)
                .get(ONE, this::find)
                .patch(ONE, this::change)
                .delete(ONE, this::delete);
    }

    private void create(ServerRequest request, ServerResponse response) {
        var body = body(request);
        var wanted = InstanceRequest.parse(body, true);
        var made = instances.create(wanted, idempotency(request, body));
        Exchange.current().header("Location", ALL + "/" + made.instance().port());
        AdminReply.success(response, 201, "Instance created successfully", json(made.instance()));
    }

    private void list(ServerRequest request, ServerResponse response) {
        var data = Envelope.JSON.createArrayNode();
        instances.list().forEach(instance -> data.add(json(instance)));
        AdminReply.success(response, 200, "Instances retrieved successfully", data);
    }

    private void find(ServerRequest request, ServerResponse response) {
        AdminReply.success(response, 200, "Instance retrieved successfully", json(instances.find(port(request))));
    }

    private void change(ServerRequest request, ServerResponse response) {
        int port = port(request);
        var wanted = InstanceRequest.parse(body(request), false);
        AdminReply.success(
                response, 200, "Instance configuration updated successfully", json(instances.change(port, wanted)));
    }

    private void delete(ServerRequest request, ServerResponse response) {
        instances.delete(port(request));
        AdminReply.success(response, 200, "Instance deleted successfully", null);
    }

    private static int port(ServerRequest request) {
        return InstanceRequest.port(request.path().pathParameters().get("port"));
    }

    private static String body(ServerRequest request) {
        if (ContentType.of(request)
                .filter(type -> type.mediaType().text().equalsIgnoreCase("application/json"))
                .isEmpty()) {
            throw Problem.unsupportedType("Content-Type must be application/json.");
        }
        try (var in = request.content().inputStream()) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw AdminErrors.invalidJson("The body is not valid UTF-8.");
        } catch (IOException e) {
            throw AdminErrors.invalidJson("The body could not be read to its end.");
        }
    }

    /** The key and the body together: the same key with another body is another request. */
    private static Optional<String> idempotency(ServerRequest request, String body) {
        return request.headers().first(IDEMPOTENCY_KEY).map(key -> {
            if (!key.matches("[!-~]{1,255}")) {
                throw AdminErrors.invalidField(
                        "Idempotency-Key", "must be 1 to 255 printable characters without space.");
            }
            return Sha256.hex(key + "\n" + body);
        });
    }

    /** {@code uptime} is a whole number of nanoseconds, as the original sends it, whatever its description says. */
    private static JsonNode json(Instance instance) {
        var json = Envelope.JSON
                .createObjectNode()
                .put("port", instance.port())
                .put("state", instance.status().state().name())
                .put("pid", instance.status().pid().orElse(0))
                .put("uptime", instance.status().uptime().toNanos());
        json.putObject("logs")
                .put("stdout", instance.logs().stdout())
                .put("stderr", instance.logs().stderr());
        var config = json.putObject("config");
        instance.config().forEach((field, text) -> {
            if (field.kind() == Field.Kind.FLAG) {
                config.put(field.text(), Boolean.parseBoolean(text));
            } else {
                config.put(field.text(), field.shown(text));
            }
        });
        if (!instance.generated().isEmpty()) {
            var generated = json.putObject("generated");
            instance.generated().forEach((field, text) -> generated.put(field.text(), text));
        }
        return json;
    }
}
