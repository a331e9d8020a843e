package gateway.webhook;

import java.util.List;
import java.util.Optional;

/**
 * The one endpoint that each account may have of its own, as the original has it since version 8.10. It is an endpoint
 * like the others, in the original's form of version 8, and told apart by its id.
 */
public final class DeviceEndpoints {
    private static final String PREFIX = "dev_";

    private final EndpointBook book;

    public DeviceEndpoints(EndpointBook book) {
        this.book = book;
    }

    /** The account's own endpoint; empty when it has none. */
    public Optional<EndpointBook.View> find(String device) {
        return book.all().stream()
                .filter(view -> view.endpoint().id().startsWith(PREFIX)
                        && view.endpoint().device().equals(device))
                .findFirst();
    }

    /**
     * Judges the names of events.
     *
     * @throws InvalidEndpoint when one of them is none
     */
    public static void checkEvents(List<String> names) {
        var _ = EndpointDraft.checkedEvents(names);
    }

    /**
     * Judges what an account that is not yet made shall have.
     *
     * @throws InvalidEndpoint naming the field
     */
    public void check(String device, String url, Optional<String> secret, Optional<List<String>> events) {
        book.made(draft(device, url, secret, events), PREFIX, Optional.of(device));
    }

    /**
     * Gives the account its endpoint, or changes the one it has; what is not given stays.
     *
     * @param url empty for none: the endpoint is removed with what is on its way to it
     * @throws InvalidEndpoint naming the field
     */
    public Optional<EndpointBook.View> put(
            String device, String url, Optional<String> secret, Optional<List<String>> events) {
        var found = find(device).map(view -> view.endpoint().id());
        if (url.isEmpty()) {
            found.ifPresent(book::remove);
            return Optional.empty();
        }
        var draft = draft(device, url, secret, events);
        return found.isPresent() ? book.change(found.get(), draft) : Optional.of(book.add(draft, PREFIX));
    }

    private static EndpointDraft draft(
            String device, String url, Optional<String> secret, Optional<List<String>> events) {
        return new EndpointDraft(
                Optional.of(url),
                secret,
                events,
                Optional.empty(),
                Optional.of("v8"),
                Optional.of(device),
                Optional.of(true));
    }
}
