package gateway.api;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.AskingStream;
import gateway.budget.SlowReaders;
import gateway.http.EntityTag;
import gateway.http.Exchange;
import gateway.http.Problem;

/**
 * A file as a reply: whole, in part (RFC 9110 §14), or not at all to a client that has it (§13). A file's name is
 * random and its content never changes, so the name is its strong ETag.
 */
final class FileReply {
    private static final Pattern RANGE = Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");
    private static final int BUFFER = 16 * 1024;

    private FileReply() {}

    /** @param length at least 1 */
    private record Part(long from, long length) {}

    /**
     * Sends the file; the caller has set its type.
     *
     * @throws Problem 416 for a part that it does not have
     */
    static void send(ServerRequest request, ServerResponse response, Path file) throws IOException {
        long size = Files.size(file);
        var etag = '"' + file.getFileName().toString() + '"';
        var changed = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
        // Kept by the one browser that asked, which asks again each time whether it still may have it.
        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache")
                .header(HeaderNames.ETAG, etag)
                .header(HeaderNames.LAST_MODIFIED, date(changed))
                .header(HeaderNames.ACCEPT_RANGES, "bytes");
        if (isKnown(request, etag, changed)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        var part = part(request, etag, changed, size);
        if (part.isPresent()) {
            long last = part.get().from() + part.get().length() - 1;
            response.status(Status.PARTIAL_CONTENT_206)
                    .header(HeaderNames.CONTENT_RANGE, "bytes " + part.get().from() + "-" + last + "/" + size);
        }
        copy(response, file, part.orElse(new Part(0, size)));
    }

    private static String date(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    private static boolean isKnown(ServerRequest request, String etag, Instant changed) {
        if (EntityTag.isAsked(request)) {
            return EntityTag.isKnown(request, etag);
        }
        return time(request, HeaderNames.IF_MODIFIED_SINCE)
                .filter(since -> !changed.isAfter(since))
                .isPresent();
    }

    private static Optional<Instant> time(ServerRequest request, HeaderName name) {
        try {
            return request.headers()
                    .first(name)
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The part that is asked for; empty for the whole, which several parts at once are answered with, too. */
    private static Optional<Part> part(ServerRequest request, String etag, Instant changed, long size) {
        var range = RANGE.matcher(request.headers().first(HeaderNames.RANGE).orElse(""));
        if (!range.matches()
                || range.group(1).isEmpty() && range.group(2).isEmpty()
                || isOther(request, etag, changed)) {
            return Optional.empty();
        }
        long from = range.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
        long end = range.group(1).isEmpty() || range.group(2).isEmpty()
                ? size
                : Math.min(size, Long.parseLong(range.group(2)) + 1);
        if (!range.group(1).isEmpty() && !range.group(2).isEmpty() && end <= from && from < size) {
            // Its end is before its beginning: no range at all.
            return Optional.empty();
        }
        if (from >= size) {
            throw new Problem(416, "RANGE_NOT_SATISFIABLE", "The file has " + size + " bytes.")
                    .with("Content-Range", "bytes */" + size);
        }
        return Optional.of(new Part(from, end - from));
    }

    /** Whether the client's other parts are of another file. */
    private static boolean isOther(ServerRequest request, String etag, Instant changed) {
        var condition = request.headers().first(HeaderNames.IF_RANGE);
        return condition.isPresent()
                && !condition.get().equals(etag)
                && !time(request, HeaderNames.IF_RANGE).filter(changed::equals).isPresent();
    }

    private static void copy(ServerResponse response, Path file, Part part) throws IOException {
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(part.length()));
        var grant = Exchange.current().grant();
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ);
                var out = new AskingStream(SlowReaders.paced(response.outputStream(), part.length()), grant)) {
            channel.position(part.from());
            var in = Channels.newInputStream(channel);
            var buffer = new byte[BUFFER];
            for (long left = part.length(); left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }
}
