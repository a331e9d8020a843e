package gateway.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.AccountCalls.Account;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.api.request.Times;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.Chats;
import gateway.messaging.Outbox;

/** The way every message goes out. The reply says «sent» once WhatsApp has it, else «queued», never less. */
final class Outgoing {
    /** The largest number of 32 bits, which is how WhatsApp writes the timer down. */
    private static final long MAX_SECONDS = 4_294_967_295L;

    private static final int MAX_ID = 128;
    private static final int MAX_MENTIONS = 1_024;
    private static final Pattern MENTION = Pattern.compile("@([0-9]{5,15})\\b");

    private final AccountCalls accounts;
    private final Outbox outbox;
    private final Chats chats;
    private final Recipients recipients;
    private final boolean checkNumbers;

    /** @param checkNumbers whether WhatsApp is asked first if the number exists (WHATSAPP_ACCOUNT_VALIDATION) */
    Outgoing(AccountCalls accounts, Outbox outbox, Chats chats, Recipients recipients, boolean checkNumbers) {
        this.accounts = accounts;
        this.outbox = outbox;
        this.chats = chats;
        this.recipients = recipients;
        this.checkNumbers = checkNumbers;
    }

    /** Whom a message is for, and what goes with it: everything a request says but the content. */
    record Addressed(Jid chat, Content.Options options, boolean everyone) {}

    /** Reads the fields that every message has. {@code text} is where mentions may stand. */
    Addressed read(Fields fields, String text) {
        var chat = recipients.chat("phone", fields);
        var mentions = new LinkedHashSet<Jid>(0);
        boolean everyone = false;
        for (var name : fields.optionalTexts("mentions", MAX_MENTIONS, 64)) {
            if (name.equals(Recipients.EVERYONE)) {
                everyone = true;
            } else {
                mentions.add(recipients.user("mentions", name));
            }
        }
        if (text.indexOf('@') >= 0) {
            MENTION.matcher(text).results().forEach(found -> mentions.add(Jid.ofPhone(found.group(1))));
        }
        return new Addressed(
                chat,
                new Content.Options(
                        fields.optionalText("reply_message_id", MAX_ID),
                        "",
                        fields.flag("is_forwarded"),
                        fields.number("duration", 0, MAX_SECONDS, 0),
                        List.copyOf(mentions)),
                everyone);
    }

    /** What only the account knows: the words that are answered, and who everyone is. */
    Content.Options complete(Account account, Addressed to) {
        var options = to.options();
        if (options.replyTo().isEmpty() && !to.everyone()) {
            return options;
        }
        var quoted = options.replyTo().isEmpty()
                ? ""
                : chats.message(account.device(), to.chat(), options.replyTo())
                        .map(message -> message.content().body())
                        .orElse("");
        var mentions = new LinkedHashSet<>(options.mentions());
        if (to.everyone() && to.chat().isGroup()) {
            account.session().groups().info(to.chat()).members().forEach(member -> mentions.add(member.jid()));
        }
        return new Content.Options(
                options.replyTo(), quoted, options.forwarded(), options.expires(), List.copyOf(mentions));
    }

    /** The account a message goes out from, once its recipient is known to have WhatsApp. */
    Account ready(ServerRequest request, Jid chat) {
        var account = accounts.of(request);
        account.self();
        if (checkNumbers && chat.isUser() && !account.mayHaveWhatsApp(chat)) {
            throw new Problem(400, "INVALID_JID", "Phone " + chat + " is not on whatsapp");
        }
        return account;
    }

    /**
     * Sends it and answers.
     *
     * @param success how the sentence begins, such as {@code Message sent to}
     * @return false when an earlier request of the same key had sent it already
     */
    boolean send(ServerResponse response, Account account, Jid chat, Content content, String success) {
        var outcome = outbox.send(account.device(), account.self(), chat, content, account.key());
        var sentence = outcome.sent()
                .map(sent -> success + " " + chat + " (server timestamp: " + Times.sentence(sent.at()) + ")")
                .orElseGet(() -> queued(chat));
        reply(response, outcome.messageId(), sentence);
        return !outcome.repeated();
    }

    static String queued(Jid chat) {
        return "Message to " + chat + " is queued; it is sent as soon as WhatsApp takes it";
    }

    static void reply(ServerResponse response, String messageId, String sentence) {
        Envelope.written(response, sentence, json -> {
            json.writeStartObject();
            json.writeStringField("message_id", messageId);
            json.writeStringField("status", sentence);
            json.writeEndObject();
        });
    }
}
