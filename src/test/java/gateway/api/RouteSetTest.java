package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.docs.Docs;
import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;

/** What is served and what is described are the same. */
class RouteSetTest {
    @TempDir
    Path directory;

    /** Writes down what is registered. */
    private record Recorder(String prefix, Set<String> seen) implements HttpRules {
        @Override
        public HttpRules register(HttpService... services) {
            List.of(services).forEach(service -> service.routing(this));
            return this;
        }

        @Override
        public HttpRules register(String path, HttpService... services) {
            List.of(services).forEach(service -> service.routing(new Recorder(prefix + path, seen)));
            return this;
        }

        @Override
        public HttpRules route(HttpRoute route) {
            return this;
        }

        @Override
        public HttpRules route(Method method, String path, Handler handler) {
            seen.add(method.text() + " " + (prefix + path).replaceAll("(?<=.)/$", ""));
            return this;
        }

        @Override
        public HttpRules get(String path, Handler... handlers) {
            return route(Method.GET, path, handlers[0]);
        }

        @Override
        public HttpRules post(String path, Handler... handlers) {
            return route(Method.POST, path, handlers[0]);
        }

        @Override
        public HttpRules patch(String path, Handler... handlers) {
            return route(Method.PATCH, path, handlers[0]);
        }

        @Override
        public HttpRules delete(String path, Handler... handlers) {
            return route(Method.DELETE, path, handlers[0]);
        }
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsServed() {
        try (var rig = new ApiRig(directory)) {
            var routes = new TreeSet<String>();
            var recorder = new Recorder("", routes);
            recorder.register(new HealthRoutes(List.of(), new gateway.process.Workers()));
            rig.api(MediaLimits.DEFAULT, MediaSource.NONE, true).routes(recorder);
            recorder.register("/webhooks", new WebhookRoutes(null, null, null, null));
            recorder.register(new AuthRoutes(null, null));
            var described = Specification.ours().operations().stream()
                    .map(Object::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(described, routes);
        }
    }

    @Test
    void everyOperationOfTheGivenContractIsDescribedByUsWithAllItsFields() {
        var ours = Specification.ours();
        for (var given : Specification.given().operations()) {
            var own = ours.find(given.method(), given.path())
                    .orElseThrow(() -> new AssertionError(given + " is missing"));
            assertEquals(given.id(), own.id());
            var names = own.fields().stream().map(Specification.Field::name).collect(Collectors.toSet());
            given.fields().stream()
                    .map(Specification.Field::name)
                    .forEach(name -> assertTrue(names.contains(name), given + " lacks " + name));
        }
    }

    /** Generators of clients make a class of each schema, and choose by the class how a body is written. */
    @Test
    void aFormWithFilesHasASchemaOfItsOwn() {
        Docs.specification()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().forEach(operation -> {
                    var schemas = new HashMap<String, String>();
                    operation
                            .at("/requestBody/content")
                            .properties()
                            .forEach(type -> schemas.put(
                                    type.getKey(),
                                    type.getValue().at("/schema/$ref").asText()));
                    var form = schemas.remove("multipart/form-data");
                    assertFalse(schemas.containsValue(form), path.getKey() + ": " + form);
                }));
    }

    @Test
    void theDescriptionIsServedAndItsPageHasOnlyItsOwnScript() {
        try (var rig = new ApiRig(directory)) {
            assertEquals(200, rig.get("/openapi.yaml").status());
            var page = rig.get("/docs");
            var html = new String(page.body(), StandardCharsets.UTF_8);
            assertTrue(html.contains("/send/message") && html.contains("Phone number in international form"));
            assertFalse(
                    Pattern.compile("<h3>Body, [^<]+</h3>(?!<dl>)")
                            .matcher(html)
                            .find(),
                    "a body without members");
            assertEquals(1, html.split("<script", -1).length - 1);
            assertTrue(html.contains("<script src=\"docs.js\" defer></script>"));
            assertFalse(html.contains("style="));
            var operations = html.split("<details ", -1);
            for (int i = 1; i < operations.length; i++) {
                assertTrue(
                        operations[i].contains("curl -u USER") && operations[i].contains("http://localhost:3000/"),
                        operations[i]);
            }
            assertTrue(
                    html.contains("-d &#39;{&quot;message&quot;:"),
                    "a body of JSON with what is required, in quotes of the shell");
            var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
            assertTrue(policy.contains("default-src 'none'")
                    && policy.contains("style-src 'self'")
                    && policy.contains("script-src 'self'")
                    && !policy.contains("unsafe"));
            assertEquals(200, rig.get("/docs.css").status());
            assertEquals(200, rig.get("/docs.js").status());
        }
    }
}
