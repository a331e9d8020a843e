package gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A refusal that the caller is told about: an HTTP status, the code of the wire form (upper case,
 * {@code VALIDATION_ERROR}) and one sentence. The sentence reaches the client as it is, so it holds no secret, no path
 * and no text of another exception.
 *
 * <p>Anything that is thrown and is not a {@code Problem} reaches the client as a bare 500.
 */
public final class Problem extends RuntimeException {
    private final int status;
    private final String code;
    private final transient Optional<String> field;
    private final transient Map<String, String> headers;

    /**
     * @param status HTTP status, 400 to 599
     * @param code   stable, for programs
     * @param message one sentence, for people
     */
    public Problem(int status, String code, String message) {
        this(status, code, message, Optional.empty(), Map.of());
    }

    private Problem(int status, String code, String message, Optional<String> field, Map<String, String> headers) {
        // No stack trace: a refusal is an answer, and a flood of them must stay cheap.
        super(Objects.requireNonNull(message), null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("A refusal needs a status of 400 to 599, not " + status);
        }
        this.status = status;
        this.code = Objects.requireNonNull(code);
        this.field = field;
        this.headers = Map.copyOf(headers);
    }

    /** 400 {@code VALIDATION_ERROR}, {@code field: sentence.}; a missing full stop is added. */
    public static Problem badField(String field, String sentence) {
        String end = sentence.endsWith(".") ? "" : ".";
        return new Problem(400, "VALIDATION_ERROR", field + ": " + sentence + end, Optional.of(field), Map.of());
    }

    /** 400 {@code VALIDATION_ERROR} of several fields, {@code first: sentence; second: sentence.} */
    public static Problem badFields(List<String> fields, String sentence) {
        String all = fields.stream().map(field -> field + ": " + sentence).collect(Collectors.joining("; ", "", "."));
        return new Problem(400, "VALIDATION_ERROR", all, Optional.of(fields.getFirst()), Map.of());
    }

    /** 400 {@code VALIDATION_ERROR} of several fields that are each refused for a reason, in the order given. */
    public static Problem badFields(List<Problem> refusals) {
        if (refusals.size() == 1) {
            return refusals.getFirst();
        }
        String all = refusals.stream()
                .map(refusal -> Objects.toString(refusal.getMessage(), ""))
                .map(sentence -> sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence)
                .distinct()
                .collect(Collectors.joining("; ", "", "."));
        return new Problem(400, "VALIDATION_ERROR", all, refusals.getFirst().field(), Map.of());
    }

    /** 400 {@code BAD_REQUEST}: the request as a whole, rather than one field, is unusable. */
    public static Problem badRequest(String sentence) {
        return new Problem(400, "BAD_REQUEST", sentence);
    }

    /** 403 {@code FORBIDDEN}: known, but not allowed to. */
    public static Problem forbidden(String sentence) {
        return new Problem(403, "FORBIDDEN", sentence);
    }

    /** 404 {@code NOT_FOUND}. */
    public static Problem notFound(String sentence) {
        return new Problem(404, "NOT_FOUND", sentence);
    }

    /** 409 {@code CONFLICT}. */
    public static Problem conflict(String sentence) {
        return new Problem(409, "CONFLICT", sentence);
    }

    /** 413 {@code PAYLOAD_TOO_LARGE}. */
    public static Problem tooLarge(String sentence) {
        return new Problem(413, "PAYLOAD_TOO_LARGE", sentence);
    }

    /** 415 {@code UNSUPPORTED_MEDIA_TYPE}. */
    public static Problem unsupportedType(String sentence) {
        return new Problem(415, "UNSUPPORTED_MEDIA_TYPE", sentence);
    }

    /** 429 {@code TOO_MANY_REQUESTS} with {@code Retry-After} (RFC 9110 §10.2.3), whole seconds, at least 1. */
    public static Problem tooMany(String sentence, long retryAfterSeconds) {
        return new Problem(429, "TOO_MANY_REQUESTS", sentence).with("Retry-After", seconds(retryAfterSeconds));
    }

    /** 503 {@code SERVICE_UNAVAILABLE} with {@code Retry-After}, whole seconds, at least 1. */
    public static Problem unavailable(String sentence, long retryAfterSeconds) {
        return new Problem(503, "SERVICE_UNAVAILABLE", sentence).with("Retry-After", seconds(retryAfterSeconds));
    }

    /** The same refusal with one more response header. */
    public Problem with(String header, String value) {
        var all = new java.util.HashMap<>(headers);
        all.put(header, value);
        return new Problem(status, code, getMessage(), field, all);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The request field that is at fault, as the client spelled it in the body or the query. */
    public Optional<String> field() {
        return field;
    }

    /** Response headers that belong to the refusal. */
    public Map<String, String> headers() {
        return headers;
    }

    private static String seconds(long value) {
        return Long.toString(Math.max(1, value));
    }
}
