package gateway.api;

import java.io.IOException;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.FileType;
import gateway.engine.MediaFiles;
import gateway.http.Problem;

/**
 * {@code /statics}: QR images and the files of messages. Behind the same guard as everything else; in the original
 * anybody may fetch them.
 */
final class StaticRoutes implements HttpService {
    private static final HeaderName RESOURCE_POLICY = HeaderNames.create("Cross-Origin-Resource-Policy");

    private final AccountCalls accounts;
    private final QrImages images;
    private final MediaFiles media;
    private final SignedLinks links;
    private final String basePath;

    StaticRoutes(AccountCalls accounts, QrImages images, MediaFiles media, SignedLinks links, String basePath) {
        this.accounts = accounts;
        this.images = images;
        this.media = media;
        this.links = links;
        this.basePath = basePath;
    }

    /**
     * The same files for whoever has a signed link; to be put before the entrance. Any other request goes on to it.
     *
     * @param shared whether pages of other origins may show them
     */
    HttpService signed(boolean shared) {
        return rules -> rules.get("/qrcode/{name}", signed(shared, this::image))
                .get("/media/{device_id}/{file}", signed(shared, this::file));
    }

    private Handler signed(boolean shared, Handler handler) {
        return (request, response) -> {
            if (!links.opens(request.prologue(), basePath)) {
                response.next();
                return;
            }
            if (shared) {
                response.header(RESOURCE_POLICY, "cross-origin");
            }
            handler.handle(request, response);
        };
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
                        (shown ? "inline" : "attachment") + "; filename=\"" + file.getFileName() + "\"");
        FileReply.send(request, response, file);
    }
}
