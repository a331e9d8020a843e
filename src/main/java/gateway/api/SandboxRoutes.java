package gateway.api;

import gateway.engine.Content;
import gateway.engine.sandbox.SandboxEngine;
import gateway.engine.sandbox.SandboxSession;
import gateway.http.Envelope;
import gateway.http.Problem;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /sandbox}: makes things happen on the pretended WhatsApp. There only when the engine is the sandbox. */
final class SandboxRoutes implements HttpService {
    private final AccountCalls accounts;
    private final SandboxEngine sandbox;
    private final Recipients recipients;

    SandboxRoutes(AccountCalls accounts, SandboxEngine sandbox, Recipients recipients) {
        this.accounts = accounts;
        this.sandbox = sandbox;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/pair", this::pair)
                .post("/inbound", this::inbound);
    }

    private void pair(ServerRequest request, ServerResponse response) {
        var jid = session(request).scan();
        Envelope.success(response, "Sandbox: the code was scanned", Envelope.JSON.createObjectNode().put("device", jid.toString()));
    }

    private void inbound(ServerRequest request, ServerResponse response) {
        var fields = Fields.of(request);
        var from = recipients.user("from", fields.text("from"));
        var text = SendRoutes.words("message", fields.text("message"));
        var id = session(request).receive(from, from, fields.optionalText("name"), new Content.Text(text, "", false, 0));
        Envelope.success(response, "Sandbox: a message came in", Envelope.JSON.createObjectNode().put("message_id", id));
    }

    private SandboxSession session(ServerRequest request) {
        return sandbox.session(accounts.of(request).device()).orElseThrow(() -> Problem.notFound("There is no such device."));
    }
}
