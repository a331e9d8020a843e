package gateway.api;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Times;
import gateway.engine.MediaFiles;
import gateway.engine.Session;
import gateway.http.ChangingGet;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.AccountName;
import gateway.messaging.Accounts;
import gateway.messaging.HoldBook;
import gateway.messaging.Outbox;
import gateway.process.FilesUnavailable;

/** {@code /devices}: several accounts in one gateway, the original's model since version 8. */
final class DeviceRoutes implements HttpService {
    private final AccountCalls calls;
    private final Accounts accounts;
    private final Outbox outbox;
    private final MediaFiles media;
    private final Bodies bodies;
    private final Pairing pairing;
    private final DeviceWebhook webhook;
    private final DeviceProxy proxy;

    DeviceRoutes(
            AccountCalls calls,
            Accounts accounts,
            Outbox outbox,
            MediaFiles media,
            Bodies bodies,
            Pairing pairing,
            DeviceWebhook webhook,
            DeviceProxy proxy) {
        this.calls = calls;
        this.accounts = accounts;
        this.outbox = outbox;
        this.media = media;
        this.bodies = bodies;
        this.pairing = pairing;
        this.webhook = webhook;
        this.proxy = proxy;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list)
                .post("/", this::add)
                .get("/{device_id}", this::info)
                .delete("/{device_id}", this::remove)
                .get("/{device_id}/login", new ChangingGet(this::login))
                .post("/{device_id}/login/code", this::loginWithCode)
                .post("/{device_id}/login/link", this::loginByLink)
                .post("/{device_id}/logout", this::logout)
                .post("/{device_id}/reconnect", this::reconnect)
                .post("/{device_id}/engine", this::engine)
                .get("/{device_id}/status", this::status);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Envelope.tagged(request, response, "List devices", json -> {
            json.writeStartArray();
            for (var device : accounts.list()) {
                // An account that is being removed has no connection; the other accounts are shown all the same.
                var status = AccountCalls.visible(device.id())
                        ? accounts.status(device.id())
                        : Optional.<Session.Status>empty();
                if (status.isPresent()) {
                    write(json, device, status.get(), accounts.hold(device.id()));
                }
            }
            json.writeEndArray();
        });
    }

    private void add(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var id = fields.optionalText("device_id");
        var engine =
                fields.given("engine") ? engine(fields) : accounts.engines().usual();
        if (id.isEmpty()) {
            id = UUID.randomUUID().toString();
        }
        if (!AccountName.isName(id)) {
            throw Problem.badField(
                    "device_id",
                    "must be 1 to 64 characters, with no slash and no control character, and no blank at its ends");
        }
        if (!AccountCalls.visible(id)) {
            throw Problem.forbidden("This credential is for one device only.");
        }
        var asked = webhook.asked(fields);
        webhook.check(id, asked);
        var way = DeviceProxy.asked(fields);
        proxy.check(way, engine);
        if (!accounts.create(id, engine)) {
            throw Problem.conflict("device_id: is the id of another device already.");
        }
        proxy.give(id, way);
        webhook.give(id, asked);
        answer(response, "Device added", calls.kept(id));
    }

    private void info(ServerRequest request, ServerResponse response) {
        answer(response, "Device info", calls.kept(calls.inPath(request).device()));
    }

    private String engine(Fields fields) {
        return fields.word("engine", accounts.engines().names().toArray(String[]::new));
    }

    /** Gives the account another engine. A pairing is lost only on demand, because the phone has to be paired again. */
    private void engine(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        var fields = bodies.of(request);
        var engine = engine(fields);
        boolean force = fields.flag("force");
        var device = calls.kept(account.device());
        if (engine.equals(device.engine())) {
            answer(response, "The engine is " + engine + " already", device);
            return;
        }
        released(account);
        // What the engine keeps is removed by the node that has the connection.
        account.session();
        var paired = account.status().account();
        if (paired.isPresent() && !force) {
            throw Problem.conflict(
                    "Another engine loses the pairing of " + paired.get().user() + " and the keys that "
                            + device.engine() + " keeps; chats stay. Say force=true to go on.");
        }
        if (!accounts.change(device.id(), engine)) {
            throw AccountCalls.noDevice();
        }
        answer(
                response,
                "The engine is " + engine + " now; "
                        + paired.map(was -> "the pairing of " + was.user() + " and its keys are gone, chats stay")
                                .orElse("chats stay"),
                calls.kept(device.id()));
    }

    /** Removes the account with its history and files. Messages that wait are lost only on demand. */
    private void remove(ServerRequest request, ServerResponse response) {
        boolean force = Fields.ofQuery(request).flag("force");
        var account = calls.inPath(request);
        released(account);
        var device = account.device();
        long waiting = outbox.depth(device);
        if (waiting > 0 && !force) {
            throw Problem.conflict(
                    waiting == 1
                            ? "1 message of this device has not been sent yet; wait, or say force=true to drop it."
                            : waiting
                                    + " messages of this device have not been sent yet; wait, or say force=true to drop"
                                    + " them.");
        }
        // Unpairing goes over the connection, so the node that has it must do it.
        account.session();
        if (!accounts.remove(device)) {
            throw AccountCalls.noDevice();
        }
        webhook.remove(device);
        try {
            media.removeAll(device);
        } catch (IOException e) {
            throw new FilesUnavailable(e);
        }
        Envelope.success(response, "Device removed", null);
    }

    private static void released(AccountCalls.Account account) {
        if (account.hold().isPresent()) {
            throw Problem.conflict("This device is held by an operator, who has to release it first.");
        }
    }

    private void login(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        var results = Envelope.JSON.createObjectNode().put("device_id", account.device());
        results.setAll(pairing.byImage(request, account.session()));
        Envelope.success(response, "Login success", results);
    }

    private void loginWithCode(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        var code = pairing.byPhone(request, account.session());
        Envelope.success(
                response,
                "Login with code started",
                Envelope.JSON
                        .createObjectNode()
                        .put("device_id", account.device())
                        .put("pair_code", code));
    }

    private void loginByLink(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        released(account);
        Envelope.success(response, "The link is shown this once", pairing.byLink(request, account));
    }

    private void logout(ServerRequest request, ServerResponse response) {
        calls.inPath(request).session().logout();
        Envelope.success(response, "Logout requested", null);
    }

    private void reconnect(ServerRequest request, ServerResponse response) {
        calls.inPath(request).session().reconnect();
        Envelope.success(response, "Reconnect requested", null);
    }

    private void status(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        var status = account.status();
        Envelope.success(
                response,
                "Device status",
                StandingJson.put(
                        status,
                        HoldJson.put(
                                account.hold(),
                                Envelope.JSON
                                        .createObjectNode()
                                        .put("device_id", account.device())
                                        .put("is_connected", status.connected())
                                        .put("is_logged_in", status.loggedIn()))));
    }

    private void answer(ServerResponse response, String message, Accounts.Device device) {
        var status = calls.of(device.id()).status();
        Envelope.written(response, message, json -> write(json, device, status, accounts.hold(device.id())));
    }

    private String state(Accounts.Device device, Session.Status status) {
        if (!accounts.engines().names().contains(device.engine())) {
            return "engine_unavailable";
        }
        return !status.loggedIn() ? "disconnected" : status.connected() ? "logged_in" : "connecting";
    }

    private void write(JsonGenerator json, Accounts.Device device, Session.Status status, Optional<HoldBook.Hold> hold)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", device.id());
        if (status.account().isPresent()) {
            json.writeStringField("phone_number", status.account().get().user());
        }
        json.writeStringField("display_name", device.name());
        json.writeStringField("engine", device.engine());
        json.writeStringField("state", state(device, status));
        json.writeStringField("jid", status.account().map(Object::toString).orElse(""));
        json.writeStringField("created_at", Times.rfc3339(device.createdAt()));
        HoldJson.write(hold, json);
        json.writeEndObject();
    }
}
