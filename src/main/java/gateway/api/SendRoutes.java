package gateway.api;

import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.Outbox;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /send}: messages on their way out. The reply says «sent» once WhatsApp has it, else «queued», never less. */
final class SendRoutes implements HttpService {
    /** Characters WhatsApp shows in one message (guide, Input Validation); a character beyond the BMP counts once. */
    private static final int MOST_CHARACTERS = 4_096;
    private static final long MOST_SECONDS = 4_294_967_295L;

    private final AccountCalls accounts;
    private final Outbox outbox;
    private final Recipients recipients;
    private final boolean checkNumbers;

    /** @param checkNumbers whether WhatsApp is asked first if the number exists (WHATSAPP_ACCOUNT_VALIDATION) */
    SendRoutes(AccountCalls accounts, Outbox outbox, Recipients recipients, boolean checkNumbers) {
        this.accounts = accounts;
        this.outbox = outbox;
        this.recipients = recipients;
        this.checkNumbers = checkNumbers;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/message", this::message);
    }

    private void message(ServerRequest request, ServerResponse response) {
        var fields = Fields.of(request);
        var chat = recipients.chat("phone", fields.text("phone"));
        var content = new Content.Text(words("message", fields.text("message")), fields.optionalText("reply_message_id"),
                fields.flag("is_forwarded"), fields.number("duration", 0, MOST_SECONDS, 0));
        send(request, response, chat, content, "Message");
    }

    static String words(String field, String text) {
        if (text.codePointCount(0, text.length()) > MOST_CHARACTERS) {
            throw Problem.badField(field, "must be no longer than " + MOST_CHARACTERS + " characters");
        }
        return text;
    }

    private void send(ServerRequest request, ServerResponse response, Jid chat, Content content, String what) {
        var account = accounts.of(request);
        var self = account.self();
        if (checkNumbers && chat.isUser() && account.session().status().connected() && !account.session().isOnWhatsApp(chat)) {
            throw new Problem(400, "INVALID_JID", "Phone " + chat + " is not on whatsapp");
        }
        var outcome = outbox.send(account.device(), self, chat, content);
        var sentence = outcome.sent()
                .map(sent -> what + " sent to " + chat + " (server timestamp: " + Times.sentence(sent.at()) + ")")
                .orElse(what + " to " + chat + " is queued; it is sent as soon as WhatsApp takes it");
        Envelope.success(response, sentence, Envelope.JSON.createObjectNode()
                .put("message_id", outcome.messageId())
                .put("status", sentence));
    }
}
