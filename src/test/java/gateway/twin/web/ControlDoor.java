package gateway.twin.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * The door by which a test plays the person with the phone: JSON over HTTP on loopback.
 *
 * <pre>
 * POST /phones {"number"}                 a phone is there
 * POST /phones/{number}/scan {"qr"}       it scans a QR code's text
 * POST /phones/{number}/code {"code"}     the person types a pairing code
 * POST /phones/{number}/send {"to","text"}
 * POST /phones/{number}/image {"to","hex"} it encrypts and sends a file as a picture
 * POST /phones/{number}/unlink {"device"} the phone removes a linked device; all without the field
 * GET  /phones/{number}/inbox             what came in; the text of a picture is its file in hex
 * GET  /phones/{number}                   its LID and devices
 * GET  /faults                            every fault there is
 * POST /faults {"name": value, …}         sets or takes away faults
 * POST /disconnect {"code"}               ends every connection with a stream error; without a code just closes
 * GET  /ledger[?after=SEQ]                what was seen
 * </pre>
 */
final class ControlDoor implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Network network;

    ControlDoor(Network network, int port) throws IOException {
        this.network = network;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        Object answer;
        int status = 200;
        try {
            var body = exchange.getRequestBody().readAllBytes();
            answer = answer(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body),
                    String.valueOf(exchange.getRequestURI().getQuery()));
        } catch (IllegalArgumentException | GeneralSecurityException | com.fasterxml.jackson.core.JsonProcessingException e) {
            status = 400;
            answer = Map.of("error", String.valueOf(e.getMessage()));
        }
        var bytes = JSON.writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private Object answer(String call, JsonNode body, String query) throws GeneralSecurityException {
        var parts = call.split("[ /]+");
        if (parts.length >= 3 && parts[1].equals("phones")) {
            var phone = network.phone(parts[2]);
            return switch (parts[0] + (parts.length > 3 ? " " + parts[3] : "")) {
                case "POST scan" -> Map.of("device", network.scan(phone, field(body, "qr")));
                case "POST code" -> Map.of("status", network.code(phone, field(body, "code")));
                case "POST send" -> Map.of("id", network.send(phone, field(body, "to"), field(body, "text")));
                case "POST image" -> Map.of("id", network.sendPicture(phone, field(body, "to"),
                        HexFormat.of().parseHex(field(body, "hex"))));
                case "POST unlink" -> Map.of("unlinked", network.unlink(phone, body.path("device").asInt(0)));
                case "GET inbox" -> phone.inbox;
                case "GET" -> Map.of("number", phone.number(), "lid", phone.lid(), "devices",
                        phone.companions.values().stream().map(Companion::address).toList());
                default -> throw new IllegalArgumentException("there is no " + call);
            };
        }
        return switch (call) {
            case "POST /phones" -> Map.of("number", network.add(field(body, "number")).number());
            case "GET /faults" -> Faults.KNOWN;
            case "POST /faults" -> {
                network.faults.set(body);
                yield Map.of("status", "set");
            }
            case "POST /disconnect" -> Map.of("ended", network.disconnect(body.path("code").asText("")));
            case "GET /ledger" -> network.ledger.entries(query.startsWith("after=") ? Long.parseLong(query.substring(6)) : 0);
            default -> throw new IllegalArgumentException("there is no " + call);
        };
    }

    private static String field(JsonNode body, String name) {
        if (!body.path(name).isTextual()) {
            throw new IllegalArgumentException(name + ": must be a text");
        }
        return body.get(name).textValue();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
