package gateway.http;

import java.util.Optional;

import io.helidon.http.HttpException;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;

/** The media type of a request's body, as its sender names it. */
public final class ContentType {
    private ContentType() {}

    /**
     * Reads {@code Content-Type} (RFC 9110 §8.3). Helidon's parser leaves some malformed ones with exceptions of its
     * own.
     *
     * @return empty when there is none
     * @throws Problem 415 when it is not a media type
     */
    public static Optional<HttpMediaType> of(ServerRequest request) {
        try {
            return request.headers().contentType();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | HttpException e) {
            throw Problem.unsupportedType("Content-Type is not a media type; send application/json.");
        }
    }
}
