package gateway.api;

import java.util.Map;
import java.util.Set;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.FileType;
import gateway.api.media.Intake;
import gateway.api.media.Intake.Wanted;
import gateway.api.request.Bodies;
import gateway.engine.Content;
import gateway.engine.Content.Media.Type;
import gateway.http.Problem;
import gateway.messaging.IdempotencyKey;
import gateway.messaging.Withdrawn;

/** {@code /send}: messages with a file, uploaded or named by a URL. */
final class MediaRoutes implements HttpService {
    private final Bodies bodies;
    private final Outgoing outgoing;
    private final Intake intake;

    MediaRoutes(Bodies bodies, Outgoing outgoing, Intake intake) {
        this.bodies = bodies;
        this.outgoing = outgoing;
        this.intake = intake;
    }

    @Override
    public void routing(HttpRules rules) {
        var limits = intake.limits();
        rules.post("/image", route(Type.IMAGE, wanted("image", limits.image(), FileType.IMAGES), "Message sent to"))
                .post("/video", route(Type.VIDEO, wanted("video", limits.video(), FileType.VIDEOS), "Video sent to"))
                .post(
                        "/audio",
                        route(
                                Type.AUDIO,
                                wanted("audio", limits.audio(), FileType.AUDIO),
                                "Send voice message success"))
                .post(
                        "/sticker",
                        route(Type.STICKER, wanted("sticker", limits.image(), FileType.STICKERS), "Sticker sent to"))
                .post(
                        "/file",
                        route(Type.DOCUMENT, wanted("file", limits.document(), FileType.ANY), "Document sent to"));
    }

    private static Wanted wanted(String field, long most, Set<FileType> types) {
        return new Wanted(field, field + "_url", most, types);
    }

    private io.helidon.webserver.http.Handler route(Type type, Wanted wanted, String success) {
        return (request, response) -> send(request, response, type, wanted, success);
    }

    private void send(ServerRequest request, ServerResponse response, Type type, Wanted wanted, String success) {
        try (var fields = bodies.of(request, Map.of(wanted.field(), wanted.most()))) {
            var caption = type == Type.AUDIO || type == Type.STICKER ? "" : fields.optionalText("caption");
            var to = outgoing.read(fields, caption);
            boolean viewOnce = fields.flag("view_once");
            boolean voice = type == Type.AUDIO ? fields.optionalFlag("ptt").orElse(true) : fields.flag("gif_playback");
            if (type == Type.VIDEO && fields.flag("compress")) {
                throw Problem.badField("compress", "cannot be true: a video is sent as it is");
            }
            boolean compress = fields.optionalFlag("compress").orElse(true) && type == Type.IMAGE;
            var account = outgoing.ready(request, to.chat());
            var options = outgoing.complete(account, to);
            var file = intake.keep(account.device(), fields, wanted, compress);
            boolean used = true;
            try {
                used = outgoing.send(
                        response,
                        account,
                        to.chat(),
                        new Content.Media(type, file, caption, viewOnce, voice, options),
                        success);
            } catch (Withdrawn | IdempotencyKey.Reused refused) {
                used = false;
                throw refused;
            } finally {
                if (!used) {
                    intake.forget(account.device(), file);
                }
            }
        }
    }
}
