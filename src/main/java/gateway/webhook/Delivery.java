package gateway.webhook;

/**
 * A claimed row: one event on its way to one endpoint.
 *
 * @param event the {@code webhook-id}, the same at every attempt
 * @param body the exact text every attempt sends
 * @param attempts how many were made before
 * @param claimedUntil epoch milliseconds; from then on another process may take it
 */
record Delivery(long seq, String event, String body, int attempts, long claimedUntil) {}
