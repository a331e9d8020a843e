package gateway.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Recipients;
import gateway.http.Envelope;

/** {@code /call}: turning calls down. */
final class CallRoutes implements HttpService {
    private static final int MAX_ID = 128;

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;

    CallRoutes(AccountCalls accounts, Bodies bodies, Recipients recipients) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/reject", this::reject);
    }

    private void reject(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("call_id", "caller_jid");
        var caller = recipients.user("caller_jid", fields.text("caller_jid"));
        var id = fields.text("call_id", MAX_ID);
        accounts.of(request).session().presence().rejectCall(caller, id);
        Envelope.success(response, "Call rejected successfully", null);
    }
}
