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
 * GET  /phones/{number}/passkey           its person's passkey: {"id","handle","key"} in base64url
 * POST /phones/{number}/passkey {"options","origin"} the person's browser answers a demand for it
 * GET  /phones/{number}/passkey-code      the code that the phone shows for comparison
 * POST /phones/{number}/passkey-code      the person says on the phone that the codes are the same
 * POST /phones/{number}/send {"to","text"}
 * POST /phones/{number}/image {"to","hex"} it encrypts and sends a file as a picture
 * POST /phones/{number}/forge {"to","what","id","text"} it says edit, revoke, text or read of any message's id
 * POST /phones/{number}/poll {"to","question","options"} a poll with one choice
 * POST /phones/{number}/vote {"to","poll","options"[,"forged"]} it votes in a poll, forged: under another secret
 * POST /phones/{number}/key {"id","data"} the phone shares an app-state key; bytes are in hexadecimal
 * POST /phones/{number}/collection {"name","version"[,"snapshot"][,"patches"]} its app state changes
 * POST /phones/{number}/history {"deflated"[,"inline"]} it hands over a part of its history
 * POST /phones/{number}/token {"to","token"[,"t"]} its person issues a privacy token to another
 * POST /phones/{number}/unlink {"device"} the phone removes a linked device; all without the field
 * POST /phones/{number}/reinstall         its person installs WhatsApp anew: other keys; linked devices are told
 * GET  /phones/{number}/inbox             what came in; the text of a picture is its file in hex
 * GET  /phones/{number}                   its LID and devices
 * GET  /faults                            every fault there is
 * POST /faults {"name": value, …}         sets or takes away faults
 * POST /phones/{number}/prekeys {"left"}  all one-time keys of its devices but so many are gone, and the devices are told
 * POST /disconnect {"code","child"}       ends every connection with a stream error; without both just closes; a
 *                                         child "conflict replaced" is one of the type replaced
 * POST /disconnect {"unpaired": true}     closes the connections of devices that wait to be linked
 * GET  /ledger[?after=SEQ]                what was seen: {"reused_keys", "shown_twice", "waiting_peers", "entries"}
 * </pre>
 *
 * The ledger's three numbers are of all messages to phones. {@code reused_keys}: pairs of chain and counter that
 * carried two different plaintexts. {@code shown_twice}: messages that a phone opened again under another key, although
 * their id is the same. {@code waiting_peers}: phones that show «waiting for this message». An entry is
 * {@code {"seq", "at", "what", "detail"}}; for a message to a phone {@code what} is {@code opened}, {@code duplicate}
 * (its key was used before) or {@code not opened}, and the detail names phone, id, sender, session, chain, counter and
 * the first half of the SHA-256 of ciphertext and of padded plaintext.
 *
 * The lessons of dossier web-3 §8, and what plays each. A lesson that is not named needs what the twin lacks: groups,
 * calls, pictures of profiles.
 *
 * <pre>
 *  1 one person in two forms    pn_sender          20 unknown stream error   POST /disconnect {"child"}
 *  2 a session under the other  no_mapping         21 half-open connection   deaf
 *  3 the own LID is not told    success_without_lid 22 no offline marker     no_offline_marker
 *  4 no keys of the phone       bundle_without_phone 23 what came meanwhile  send while the device is away
 *  5 two devices, cold cache    link two devices   24 poison in the queue    poison
 *  6 each person twice          usync_both_forms   25 replaced               log in a second time
 *  7 attributes of a send       GET /ledger        26 515                    every pairing
 *  8 no LID                     usync_without_lid  28 the browser's name     GET /ledger
 *  9 463                        message_error      29 keys run out           POST …/prekeys, iq_error
 * 10 no second stanza           message_error, GET /ledger  30 the same pkmsg twice  duplicate
 * 11, 12, 14 retries            retry_receipt, not_opened      31 silence                iq_silence
 * 19 unacknowledged             GET /phones/{number}  33 questions per send  GET /ledger
 * 37 402                        failure, failure_seconds 35 a hosted account  hosted
 * 38 too many people            usync_max
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
            answer = answer(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body),
                    String.valueOf(exchange.getRequestURI().getQuery()));
        } catch (IllegalArgumentException
                | GeneralSecurityException
                | com.fasterxml.jackson.core.JsonProcessingException e) {
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
                case "GET passkey" -> phone.passkey.exported();
                case "POST passkey" -> phone.passkey.answer(body.path("options"), field(body, "origin"));
                case "GET passkey-code" ->
                    Map.of("code", network.passkeyStep(phone).code());
                case "POST passkey-code" -> {
                    network.passkeyStep(phone).agree();
                    yield Map.of("status", "agreed");
                }
                case "POST code" -> Map.of("status", network.code(phone, field(body, "code")));
                case "POST send" -> Map.of("id", send(phone, body));
                case "POST image" ->
                    Map.of(
                            "id",
                            network.carrier.sendPicture(
                                    phone, field(body, "to"), HexFormat.of().parseHex(field(body, "hex"))));
                case "POST forge" ->
                    Map.of(
                            "id",
                            network.forger.forge(
                                    phone,
                                    field(body, "to"),
                                    field(body, "what"),
                                    field(body, "id"),
                                    body.path("text").asText("")));
                case "POST key" -> Map.of("devices", PhoneState.key(network, phone, body));
                case "POST collection" -> Map.of("devices", PhoneState.collection(network, phone, body));
                case "POST history" -> Map.of("devices", PhoneState.history(network, phone, body));
                case "POST token" -> Map.of("devices", PhoneState.token(network, phone, body));
                case "POST vote" -> Map.of("id", Polls.vote(network, phone, body));
                case "POST poll" -> Map.of("id", Polls.create(network, phone, body));
                case "POST reinstall" -> Map.of("devices", network.deviceNews.reinstall(phone));
                case "POST unlink" ->
                    Map.of("unlinked", network.unlink(phone, body.path("device").asInt(0)));
                case "POST prekeys" ->
                    Map.of("devices", network.runOut(phone, body.path("left").asInt(0)));
                case "GET inbox" -> phone.inbox;
                case "GET" ->
                    Map.of(
                            "number",
                            phone.number(),
                            "lid",
                            phone.lid(),
                            "devices",
                            phone.companions.values().stream()
                                    .map(Companion::address)
                                    .toList(),
                            "unacknowledged",
                            phone.companions.values().stream()
                                    .mapToInt(Companion::waiting)
                                    .sum());
                default -> throw new IllegalArgumentException("there is no " + call);
            };
        }
        return switch (call) {
            case "POST /phones" ->
                Map.of("number", network.add(field(body, "number")).number());
            case "GET /faults" -> Faults.KNOWN;
            case "POST /faults" -> {
                network.faults.set(body);
                yield Map.of("status", "set");
            }
            case "POST /disconnect" ->
                Map.of(
                        "ended",
                        body.path("unpaired").asBoolean()
                                ? network.disconnectUnpaired()
                                : network.disconnect(
                                        body.path("code").asText(""),
                                        body.path("child").asText("")));
            case "GET /ledger" -> ledger(query.startsWith("after=") ? Long.parseLong(query.substring(6)) : 0);
            default -> throw new IllegalArgumentException("there is no " + call);
        };
    }

    private Map<String, Object> ledger(long after) {
        var keys = network.keyUses.findings();
        return Map.of(
                "reused_keys",
                keys.reusedKeys(),
                "shown_twice",
                keys.shownTwice(),
                "waiting_peers",
                keys.waitingPeers(),
                "entries",
                network.ledger.entries(after));
    }

    /** Sends a text, or with {@code count} as many, each with its number behind it from {@code first} on; the last id. */
    private String send(Phone phone, JsonNode body) throws GeneralSecurityException {
        if (!body.has("count")) {
            return network.carrier.send(phone, field(body, "to"), field(body, "text"));
        }
        var id = "";
        for (int number = 0; number < body.get("count").asInt(); number++) {
            id = network.carrier.send(
                    phone,
                    field(body, "to"),
                    field(body, "text") + " " + (body.path("first").asInt() + number));
        }
        return id;
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
