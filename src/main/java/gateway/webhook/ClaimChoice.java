package gateway.webhook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * The choice of the due deliveries that may be claimed now for one endpoint: of each chat the next
 * {@link #MAX_PER_CHAT}, and none of a chat that has a claim.
 *
 * @param chats the chosen deliveries, each list of one chat and in the chat's order; a delivery without an order is
 *     alone in its list
 * @param passedOver whether a due delivery was left
 */
record ClaimChoice(List<List<Long>> chats, boolean passedOver) {
    /** So few that only {@link EndpointQueue#CONCURRENCY} chats or more fill the window. */
    static final int MAX_PER_CHAT = EndpointQueue.WINDOW / EndpointQueue.CONCURRENCY;

    /** A due delivery. */
    record Due(long seq, int orderKey, long at) {}

    /**
     * Chooses, the oldest first.
     *
     * @param busy ordering keys that have a claim
     * @param most how many deliveries
     */
    static ClaimChoice of(List<Due> due, Set<Integer> busy, int most) {
        var chats = new LinkedHashMap<Object, List<Long>>();
        var counts = new HashMap<Object, Integer>();
        boolean passedOver = false;
        int room = most;
        for (var delivery : due.stream().sorted(OLDEST_FIRST).toList()) {
            boolean ordered = delivery.orderKey != OrderKey.NONE;
            if (ordered && busy.contains(delivery.orderKey)) {
                passedOver = true;
                continue;
            }
            Object chat = ordered ? delivery.orderKey : delivery;
            chats.computeIfAbsent(chat, key -> new ArrayList<>()).add(delivery.seq);
            if (room > 0 && counts.getOrDefault(chat, 0) < MAX_PER_CHAT) {
                counts.merge(chat, 1, Integer::sum);
                room--;
            }
        }
        var chosen = new ArrayList<List<Long>>();
        for (var chat : chats.entrySet()) {
            int count = counts.getOrDefault(chat.getKey(), 0);
            passedOver |= chat.getValue().size() > count;
            if (count > 0) {
                // By number: a clock that was set back between two events must not turn their order round.
                chosen.add(chat.getValue().stream().sorted().limit(count).toList());
            }
        }
        return new ClaimChoice(List.copyOf(chosen), passedOver);
    }

    private static final Comparator<Due> OLDEST_FIRST =
            Comparator.comparingLong(Due::at).thenComparingLong(Due::seq);

    int size() {
        return chats.stream().mapToInt(List::size).sum();
    }
}
