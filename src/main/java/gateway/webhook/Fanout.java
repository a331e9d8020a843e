package gateway.webhook;

import java.util.List;

/**
 * An event made ready for its endpoints: bodies rendered, one per payload form, and the id drawn. Made outside the
 * transaction, so that the one writing thread only writes; storing it twice writes the same rows.
 *
 * @param id the {@code webhook-id} receivers deduplicate by
 * @param at when it happened, epoch milliseconds
 * @param orderKey an {@link OrderKey}
 */
public record Fanout(String id, String device, String type, long at, int orderKey, List<Letter> letters) {
    public Fanout {
        letters = List.copyOf(letters);
    }

    /**
     * What one endpoint gets.
     *
     * @param dead stored as a dead letter, because the gateway gave the endpoint up
     */
    record Letter(String endpoint, String body, boolean dead) {}

    /** Whether no endpoint is told; then nothing is stored. */
    public boolean isEmpty() {
        return letters.isEmpty();
    }
}
