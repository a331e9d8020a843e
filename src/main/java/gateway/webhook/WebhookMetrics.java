package gateway.webhook;

/** What the webhook room counts. Labels are endpoint ids, never URLs or addresses. Called from many threads. */
public interface WebhookMetrics {
    /** How many posts to one endpoint run at once, at most. */
    int MAX_POSTS = EndpointQueue.CONCURRENCY;

    /**
     * An attempt ended.
     *
     * @param outcome {@code delivered}, {@code retry} or {@code dead}
     */
    void attempt(String endpoint, String outcome, long nanos);

    /**
     * How an endpoint's queue stands; told every few seconds.
     *
     * @param oldestMillis how long the oldest waiting delivery has been due; 0 when none is
     * @param disabled whether the gateway gave the endpoint up
     */
    void queue(String endpoint, long waiting, long oldestMillis, long dead, boolean disabled);

    /** The endpoint is gone; its figures should go too. */
    void gone(String endpoint);

    /** Counts nothing. */
    WebhookMetrics NONE = new WebhookMetrics() {
        @Override
        public void attempt(String endpoint, String outcome, long nanos) {}

        @Override
        public void queue(String endpoint, long waiting, long oldestMillis, long dead, boolean disabled) {}

        @Override
        public void gone(String endpoint) {}
    };
}
