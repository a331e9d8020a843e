package gateway.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

import io.helidon.webserver.http.ServerRequest;

import gateway.api.request.Fields;
import gateway.http.Problem;
import gateway.messaging.Chats.Place;

/**
 * The page behind the one that is shown. The header {@code Link} (RFC 8288) leads to it, by the parameter
 * {@code before}: the place of the last row. Unlike {@code offset}, a place passes over no rows to get there.
 */
final class NextPage {
    /** The longest text of a place: a time and an id. */
    private static final int MAX_PLACE = 512;

    private static final Pattern PLACE = Pattern.compile("(-?[0-9]{1,15})_(.+)", Pattern.DOTALL);

    private NextPage() {}

    /**
     * Where the page that is asked for begins.
     *
     * @throws Problem 400 naming the field, when the place is none, or there is an offset beside it
     */
    static Optional<Place> asked(Fields query, int offset) {
        if (!query.given("before")) {
            return Optional.empty();
        }
        var place = PLACE.matcher(query.text("before", MAX_PLACE));
        if (!place.matches()) {
            throw Problem.badField("before", "must be taken from the Link header of the page before");
        }
        if (offset > 0) {
            throw Problem.badField("before", "cannot be combined with offset");
        }
        return Optional.of(new Place(Long.parseLong(place.group(1)), place.group(2)));
    }

    /** The header that links to the page behind this row: the same question, and the row's place. */
    static String link(ServerRequest request, Place last) {
        var link = new StringBuilder("<?");
        for (var name : request.query().names()) {
            if (!name.equals("offset") && !name.equals("before")) {
                link.append(encoded(name))
                        .append('=')
                        .append(encoded(request.query().get(name)))
                        .append('&');
            }
        }
        return link.append("before=")
                .append(encoded(last.at() + "_" + last.key()))
                .append(">; rel=\"next\"")
                .toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
