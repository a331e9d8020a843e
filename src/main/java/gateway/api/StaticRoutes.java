package gateway.api;

import java.io.IOException;
import java.nio.file.Files;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.FileType;
import gateway.api.request.AskingStream;
import gateway.budget.SlowReaders;
import gateway.engine.MediaFiles;
import gateway.http.Exchange;
import gateway.http.Problem;

/**
 * {@code /statics}: QR images and the files of messages. Behind the same guard as everything else; in the original
 * anybody may fetch them.
 */
final class StaticRoutes implements HttpService {
    private final AccountCalls accounts;
    private final QrImages images;
    private final MediaFiles media;

    StaticRoutes(AccountCalls accounts, QrImages images, MediaFiles media) {
        this.accounts = accounts;
        this.images = images;
        this.media = media;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/qrcode/{name}", this::image).get("/media/{device_id}/{file}", this::file);
    }

    private void image(ServerRequest request, ServerResponse response) {
        var png = images.find(request.path().pathParameters().get("name"))
                .orElseThrow(() -> Problem.notFound("This QR code has run out; call /app/login for a new one."));
        response.header(HeaderNames.CONTENT_TYPE, "image/png").send(png);
    }

    /**
     * Only pictures, sound and film are shown; anything else is handed over as a download, so that no page runs here.
     */
    private void file(ServerRequest request, ServerResponse response) throws IOException {
        var parameters = request.path().pathParameters();
        var account = accounts.of(parameters.get("device_id"));
        var file = media.find(account.device(), parameters.get("file"))
                .orElseThrow(() -> Problem.notFound("There is no such file."));
        var type = FileType.of(file);
        boolean shown =
                FileType.STICKERS.contains(type) || FileType.VIDEOS.contains(type) || FileType.AUDIO.contains(type);
        response.header(HeaderNames.CONTENT_TYPE, shown ? type.mime() : "application/octet-stream")
                .header(
                        HeaderNames.CONTENT_DISPOSITION,
                        (shown ? "inline" : "attachment") + "; filename=\"" + file.getFileName() + "\"")
                .header(HeaderNames.CONTENT_LENGTH, Long.toString(Files.size(file)));
        var grant = Exchange.current().grant();
        try (var out = new AskingStream(SlowReaders.paced(response.outputStream(), Files.size(file)), grant)) {
            Files.copy(file, out);
        }
    }
}
