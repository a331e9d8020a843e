package gateway.api;

import java.util.List;
import java.util.regex.Pattern;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.AccountCalls.Account;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.engine.RemoteFile;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.ChatNotes;
import gateway.messaging.Chats;

/** {@code /message}: what can be done with a message that is there already. */
final class MessageRoutes implements HttpService {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=-]{1,128}");
    /** A reaction is one emoji; the longest are sequences of about a dozen code points. */
    private static final int MAX_EMOJI = 32;

    private final Bodies bodies;
    private final Outgoing outgoing;
    private final Recipients recipients;
    private final Chats chats;
    private final ChatNotes notes;
    private final MediaFiles media;
    private final PublicAddress address;
    private final SignedLinks links;

    MessageRoutes(
            Bodies bodies,
            Outgoing outgoing,
            Recipients recipients,
            Chats chats,
            ChatNotes notes,
            MediaFiles media,
            PublicAddress address,
            SignedLinks links) {
        this.bodies = bodies;
        this.outgoing = outgoing;
        this.recipients = recipients;
        this.chats = chats;
        this.notes = notes;
        this.media = media;
        this.address = address;
        this.links = links;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/{message_id}/revoke", this::revoke)
                .post("/{message_id}/delete", this::delete)
                .post("/{message_id}/reaction", this::reaction)
                .post("/{message_id}/update", this::update)
                .post("/{message_id}/read", this::read)
                .post("/{message_id}/star", (request, response) -> star(request, response, true))
                .post("/{message_id}/unstar", (request, response) -> star(request, response, false))
                .post("/{message_id}/forward", this::forward)
                .get("/{message_id}/download", this::download);
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var chat = chat(bodies.of(request));
        var account = outgoing.ready(request, chat);
        boolean mine = chats.message(account.device(), chat, id)
                .map(Chats.Message::fromMe)
                .orElse(true);
        outgoing.send(response, account, chat, new Content.Revoke(id, mine), "Revoke success");
    }

    private void reaction(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var fields = bodies.of(request);
        var chat = chat(fields);
        // An empty emoji takes the reaction back. The field must be there, because it may have been forgotten.
        if (!fields.given("emoji")) {
            throw Problem.badField("emoji", "cannot be blank; an empty one takes the reaction back");
        }
        var emoji = fields.optionalText("emoji", MAX_EMOJI).strip();
        outgoing.send(
                response, outgoing.ready(request, chat), chat, new Content.Reaction(id, emoji), "Reaction sent to");
    }

    private void update(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var fields = bodies.of(request).requiring("message", "phone");
        var chat = chat(fields);
        var words = fields.text("message");
        outgoing.send(
                response, outgoing.ready(request, chat), chat, new Content.Edit(id, words), "Update message success");
    }

    private void read(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var chat = chat(bodies.of(request));
        var account = outgoing.ready(request, chat);
        var sender = chats.message(account.device(), chat, id)
                .map(message -> Jid.parse(message.sender()))
                .orElse(chat);
        account.session().marks().read(chat, sender, List.of(id));
        notes.read(account.device(), chat, List.of(id));
        Outgoing.reply(response, id, "Mark as read success " + id);
    }

    private void delete(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var chat = chat(bodies.of(request));
        var account = outgoing.ready(request, chat);
        account.session().marks().delete(chat, id, fromMe(account, chat, id));
        notes.delete(account.device(), chat, id);
        Envelope.success(response, "Message deleted successfully", null);
    }

    private void star(ServerRequest request, ServerResponse response, boolean starred) {
        var id = id(request);
        var chat = chat(bodies.of(request));
        var account = outgoing.ready(request, chat);
        account.session().marks().star(chat, id, fromMe(account, chat, id), starred);
        notes.star(account.device(), chat, id, starred);
        Envelope.success(response, starred ? "Starred message successfully" : "Unstarred message successfully", null);
    }

    private boolean fromMe(Account account, Jid chat, String id) {
        return chats.message(account.device(), chat, id)
                .map(Chats.Message::fromMe)
                .orElse(false);
    }

    private void forward(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var fields = bodies.of(request);
        var to = outgoing.read(fields, "");
        fields.flag("force_reupload");
        var account = outgoing.ready(request, to.chat());
        var message = chats.message(account.device(), id).orElseThrow(() -> noMessage());
        var options = new Content.Options("", "", true, to.options().expires(), List.of());
        var content = switch (message.content()) {
            case Content.Text text
            when text.body().isEmpty() ->
                throw Problem.badField("message_id", "is a message whose text is not kept here");
            case Content.Text text -> new Content.Text(text.body(), options);
            case Content.Media m ->
                new Content.Media(m.type(), kept(account, message, m), m.caption(), m.viewOnce(), m.voice(), options);
            case Content.Card card -> new Content.Card(card.name(), card.vcard(), options);
            case Content.Location at ->
                new Content.Location(at.latitude(), at.longitude(), at.name(), at.address(), false, options);
            case Content.Link link -> new Content.Link(link.url(), link.caption(), options);
            case Content.Poll poll -> new Content.Poll(poll.question(), poll.choices(), poll.most(), options);
            case Content.Unsupported other ->
                throw Problem.badField("message_id", "is a message that cannot be forwarded");
            case Content.Vote other -> throw Problem.badField("message_id", "is a message that cannot be forwarded");
            case Content.Structured other ->
                throw Problem.badField("message_id", "is a message that cannot be forwarded");
            case Content.Change other -> throw Problem.badField("message_id", "is a message that cannot be forwarded");
        };
        outgoing.send(response, account, to.chat(), content, "Message forwarded to");
    }

    private void download(ServerRequest request, ServerResponse response) {
        var id = id(request);
        var chat = chat(Fields.ofQuery(request));
        var account = outgoing.ready(request, chat);
        var message = chats.message(account.device(), chat, id).orElseThrow(() -> noMessage());
        if (!(message.content() instanceof Content.Media found)) {
            throw Problem.badField("message_id", "is a message without a file");
        }
        var file = kept(account, message, found);
        if (media.find(account.device(), file.id()).isEmpty()) {
            throw Problem.notFound("The file of this message is no longer here.");
        }
        var path = MediaFiles.path(account.device(), file.id());
        var sentence = "Media downloaded successfully";
        Envelope.success(
                response,
                sentence,
                Envelope.JSON
                        .createObjectNode()
                        .put("message_id", id)
                        .put("status", sentence)
                        .put("media_type", found.kind())
                        .put("filename", file.name().isEmpty() ? file.id() : file.name())
                        .put("file_path", path)
                        .put("file_size", file.size())
                        .put("file_url", address.of(request) + "/" + links.signed(path, SignedLinks.FILE)));
    }

    /** The message's file, downloaded now when it was not. */
    private MediaFile kept(Account account, Chats.Message message, Content.Media content) {
        return switch (content.file()) {
            case MediaFile kept -> kept;
            case RemoteFile remote -> {
                var chat = Jid.parse(message.chat());
                var kept = account.session().fetch(message.id(), chat, remote);
                notes.downloaded(account.device(), chat, message.id(), content, kept);
                yield kept;
            }
        };
    }

    private static Problem noMessage() {
        return Problem.notFound("There is no such message.");
    }

    private Jid chat(Fields fields) {
        return recipients.chat("phone", fields.text("phone"));
    }

    private static String id(ServerRequest request) {
        var id = request.path().pathParameters().get("message_id");
        if (!ID.matcher(id).matches()) {
            throw Problem.badField("message_id", "must be a message's id: up to 128 letters, digits and . _ : = -");
        }
        return id;
    }
}
