package gateway.webhook;

import java.util.Objects;

/** A field of an endpoint is not what it must be. */
public final class InvalidEndpoint extends IllegalArgumentException {
    private final String field;

    InvalidEndpoint(String field, String sentence) {
        super(sentence);
        this.field = field;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The field's name on REST; the message is a sentence's end, to stand behind it. */
    public String field() {
        return field;
    }
}
