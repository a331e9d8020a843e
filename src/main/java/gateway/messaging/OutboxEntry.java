package gateway.messaging;

import gateway.store.Row;

/**
 * A message as the outbox takes it in.
 *
 * @param chat  the address of the chat
 * @param kind  as in the table {@code message}; empty for a message that its chat does not show from here
 * @param json  the content; empty once it was forgotten
 * @param dueAt epoch milliseconds, as {@code acceptedAt}
 */
record OutboxEntry(
        String device,
        String chat,
        String messageId,
        String sender,
        String kind,
        String json,
        long dueAt,
        long acceptedAt) {
    /** A stored row, due at another time; its columns are this record's without {@code dueAt}, in their order. */
    static OutboxEntry of(Row row, long due) {
        return new OutboxEntry(
                row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), due, row.number(7));
    }
}
