package gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A field of an endpoint is not what it must be, or several of them are not. */
public final class InvalidEndpoint extends IllegalArgumentException {
    private final String field;
    private final transient List<InvalidEndpoint> more;

    InvalidEndpoint(String field, String sentence) {
        this(field, sentence, List.of());
    }

    private InvalidEndpoint(String field, String sentence, List<InvalidEndpoint> more) {
        super(sentence);
        this.field = field;
        this.more = more;
    }

    /** @param faults at least one */
    static InvalidEndpoint of(List<InvalidEndpoint> faults) {
        var first = faults.getFirst();
        return new InvalidEndpoint(first.field, first.getMessage(), List.copyOf(faults.subList(1, faults.size())));
    }

    /** What is wrong with the first bad field: a sentence's end, to stand behind the field's name. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The name of the first bad field on REST. */
    public String field() {
        return field;
    }

    /** Every bad field, this one first. */
    public List<InvalidEndpoint> all() {
        var all = new ArrayList<InvalidEndpoint>(more.size() + 1);
        all.add(this);
        all.addAll(more);
        return all;
    }
}
