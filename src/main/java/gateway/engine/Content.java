package gateway.engine;

/** What a message holds. Each kind's {@link #kind} is its name in the database and never changes. */
public sealed interface Content {

    String kind();

    /** The words a person reads, for search and the thread view; empty when there are none. */
    String body();

    /**
     * Plain text.
     *
     * @param replyTo the message it answers, or empty
     * @param expires seconds until it disappears; 0 = never
     */
    record Text(String body, String replyTo, boolean forwarded, long expires) implements Content {
        @Override
        public String kind() {
            return "text";
        }
    }
}
