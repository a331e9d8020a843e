package gateway.http;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.budget.Share;

/**
 * The replies of the last moment, for clients that ask the same again and again. A reply is used again only while this
 * process has committed nothing to the database, and never for longer than a second: an operator's command writes to the
 * same file, and this process does not see that. Where other nodes write to the database, nothing is kept.
 */
public final class KeptReplies {
    /** All replies that are kept, together with their questions, in bytes. */
    private static final long MAX_BYTES = 1 << 20;
    /** What a kept reply takes besides its texts. */
    private static final long REPLY_BYTES = 256;

    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<OptionalLong> state;
    private final LongSupplier nanos;
    private volatile Moment last = new Moment(OptionalLong.empty(), 0);

    /**
     * Begins with nothing.
     *
     * @param state as {@link gateway.store.Store#state()}
     * @param nanos a clock like {@link System#nanoTime()}
     */
    public KeptReplies(Supplier<OptionalLong> state, LongSupplier nanos) {
        this.state = state;
        this.nanos = nanos;
    }

    /**
     * A reply of 200 as its operation makes it.
     *
     * @param results writes the value of {@code results}
     * @param link    the value of the header {@code Link}; empty when no page follows
     * @param tag     the validator, empty for none
     */
    public record Made(String message, Envelope.Results results, Optional<String> link, Tag tag) {}

    /** The validator of a reply. */
    public sealed interface Tag {
        /** There is none, because the reply changes in ways that nobody counts. */
        record None() implements Tag {}

        /** A digest of the body. */
        record OfBody() implements Tag {}

        /** A text that is another one after each change of the reply. */
        record Known(String text) implements Tag {}
    }

    private record Kept(byte[] body, Optional<String> link, Optional<String> tag) {
        /** The link repeats the question, and the client chooses how long that is. */
        long bytes(String question) {
            int characters = question.length() + link.map(String::length).orElse(0);
            return REPLY_BYTES + body.length + (long) Character.BYTES * characters;
        }
    }

    /** What was answered between two transactions. */
    private static final class Moment {
        final OptionalLong state;
        final long began;
        final Map<String, Kept> replies = new ConcurrentHashMap<>();
        final AtomicLong bytes = new AtomicLong();

        Moment(OptionalLong state, long began) {
            this.state = state;
            this.began = began;
        }

        void keep(String question, Kept reply) {
            if (state.isPresent() && bytes.addAndGet(reply.bytes(question)) <= MAX_BYTES) {
                replies.put(question, reply);
            }
        }
    }

    /**
     * Answers a request for a list, with what the same request was answered a moment ago, or with what {@code maker}
     * makes. A client that has the reply already is answered 304.
     *
     * @param account whose list it is. The caller has found that the client may read all of it.
     * @param maker   gives nothing when it has answered the request itself
     */
    public void answer(ServerRequest request, ServerResponse response, String account, Supplier<Optional<Made>> maker) {
        // The moment is taken first. A transaction that is committed while the list is read ends that moment.
        var moment = moment();
        var asked = request.prologue();
        var question =
                account + ' ' + asked.uriPath().rawPath() + '?' + asked.query().rawValue();
        var kept = moment.replies.get(question);
        if (kept != null) {
            send(request, response, kept);
            return;
        }
        var found = maker.get();
        if (found.isEmpty()) {
            return;
        }
        var made = found.get();
        var pieces = Envelope.pieces(made.message(), made.results());
        var tag = switch (made.tag()) {
            case Tag.None() -> Optional.<String>empty();
            case Tag.OfBody() -> Optional.of(pieces.tag());
            case Tag.Known(var text) -> Optional.of(text);
        };
        if (pieces.isShort()) {
            var reply = new Kept(pieces.joined(), made.link(), tag);
            moment.keep(question, reply);
            send(request, response, reply);
        } else if (begin(request, response, made.link(), tag)) {
            pieces.send(response);
        }
    }

    private Moment moment() {
        var now = state.get();
        var moment = last;
        long nanosNow = nanos.getAsLong();
        if (!moment.state.equals(now) || nanosNow - moment.began > MAX_AGE_NANOS) {
            moment = new Moment(now, nanosNow);
            last = moment;
        }
        return moment;
    }

    private static void send(ServerRequest request, ServerResponse response, Kept reply) {
        if (begin(request, response, reply.link(), reply.tag())) {
            Share.current().built();
            response.send(reply.body());
        }
    }

    /** Sets what stands above the body; false when the client has the body, and was told so. */
    private static boolean begin(
            ServerRequest request, ServerResponse response, Optional<String> link, Optional<String> tag) {
        link.ifPresent(next -> response.header(HeaderNames.LINK, next));
        if (tag.isPresent()) {
            if (EntityTag.isKnown(request, tag.get())) {
                EntityTag.notModified(response, tag.get());
                return false;
            }
            EntityTag.put(response, tag.get());
        }
        Envelope.begin(response);
        return true;
    }
}
