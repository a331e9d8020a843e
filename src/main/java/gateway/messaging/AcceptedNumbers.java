package gateway.messaging;

import gateway.messaging.LastAccepted.Where;

/** The numbers of the messages that were accepted last for one chat: at most {@link #MAX_LISTED} of them. */
final class AcceptedNumbers {
    /** More rows than this are found as fast by a look at all that wait. */
    static final int MAX_LISTED = 256;

    private static final int FEW = 4;

    private long[] numbers = new long[FEW];
    private int from;
    private int to;
    /** The highest number that is no longer listed. */
    private long dropped = Long.MIN_VALUE;

    /** Adds a number, which is higher than all before it. */
    synchronized void add(long number) {
        if (to == numbers.length) {
            makeRoom();
        }
        numbers[to++] = number;
    }

    private void makeRoom() {
        int count = to - from;
        if (count == MAX_LISTED) {
            from += MAX_LISTED / 2;
            count -= MAX_LISTED / 2;
            dropped = numbers[from - 1];
        }
        var next = new long[Math.min(MAX_LISTED, Math.max(FEW, 2 * count))];
        System.arraycopy(numbers, from, next, 0, count);
        numbers = next;
        from = 0;
        to = count;
    }

    synchronized long newest() {
        return numbers[to - 1];
    }

    /** Where the messages are whose numbers are above this one. Lower numbers are forgotten. */
    synchronized Where above(long lowest) {
        int first = to;
        while (first > from && numbers[first - 1] > lowest) {
            first--;
        }
        if (first == to) {
            return new Where.Nowhere();
        }
        if (dropped > lowest) {
            return new Where.Anywhere();
        }
        var json = new StringBuilder("[").append(numbers[first]);
        for (int i = first + 1; i < to; i++) {
            json.append(',').append(numbers[i]);
        }
        return new Where.Among(json.append(']').toString());
    }
}
