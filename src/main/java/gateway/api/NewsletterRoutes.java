package gateway.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Recipients;
import gateway.engine.Newsletters.Newsletter;
import gateway.http.Envelope;

/** {@code /newsletter}: the channels the account follows. */
final class NewsletterRoutes implements HttpService {
    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;

    NewsletterRoutes(AccountCalls accounts, Bodies bodies, Recipients recipients) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/unfollow", this::unfollow);
    }

    private void unfollow(ServerRequest request, ServerResponse response) {
        var jid = recipients.newsletter("newsletter_id", bodies.of(request).text("newsletter_id"));
        accounts.of(request).session().newsletters().unfollow(jid);
        Envelope.success(response, "Success unfollow newsletter", null);
    }

    /** As WhatsApp's own servers write it, which is what the original passes on. Times there are seconds, in text. */
    static ObjectNode newsletter(Newsletter channel) {
        var json = Envelope.JSON.createObjectNode().put("id", channel.jid().toString());
        json.putObject("state").put("type", "active");
        var thread = json.putObject("thread_metadata")
                .put("creation_time", Long.toString(channel.createdAt() / 1_000))
                .put("invite", channel.invite());
        words(thread.putObject("name"), channel.name(), channel.createdAt());
        words(thread.putObject("description"), channel.description(), channel.createdAt());
        thread.put("subscribers_count", Long.toString(channel.subscribers()))
                .put("verification", channel.verified() ? "verified" : "unverified");
        picture(thread.putObject("picture"), "IMAGE");
        picture(thread.putObject("preview"), "PREVIEW");
        thread.putObject("settings").putObject("reaction_codes").put("value", "ALL");
        json.putObject("viewer_metadata")
                .put("mute", channel.muted() ? "on" : "off")
                .put("role", channel.role());
        return json;
    }

    private static void words(ObjectNode json, String text, long at) {
        json.put("text", text).put("id", Long.toString(at * 1_000)).put("update_time", Long.toString(at * 1_000));
    }

    private static void picture(ObjectNode json, String type) {
        json.put("url", "").put("id", "").put("type", type).put("direct_path", "");
    }
}
