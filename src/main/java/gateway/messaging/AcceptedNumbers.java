package gateway.messaging;

import java.util.Arrays;
import java.util.Optional;

import gateway.messaging.LastAccepted.Where;

/** The numbers of the messages that were accepted last for one chat: at most {@link #MAX_LISTED} of them. */
final class AcceptedNumbers {
    /** More rows than this are found as fast by a look at all that wait. */
    static final int MAX_LISTED = 256;

    private static final int FEW = 4;

    private long[] numbers = new long[FEW];
    private int count;
    /** The highest number that is no longer listed. */
    private long dropped = Long.MIN_VALUE;

    /** Adds a number, which is higher than all before it. */
    synchronized void add(long number) {
        if (count == numbers.length) {
            makeRoom();
        }
        numbers[count++] = number;
    }

    private void makeRoom() {
        int first = 0;
        if (count == MAX_LISTED) {
            first = MAX_LISTED / 2;
            dropped = numbers[first - 1];
        }
        count -= first;
        numbers = Arrays.copyOfRange(numbers, first, first + Math.min(MAX_LISTED, 2 * count));
    }

    synchronized int count() {
        return count;
    }

    /** A copy that has only the numbers above this one; empty when there are none. */
    synchronized Optional<AcceptedNumbers> copyAbove(long lowest) {
        int first = firstAbove(lowest);
        if (first == count) {
            return Optional.empty();
        }
        var copy = new AcceptedNumbers();
        copy.numbers = Arrays.copyOfRange(numbers, first, count);
        copy.count = count - first;
        copy.dropped = dropped;
        return Optional.of(copy);
    }

    private int firstAbove(long lowest) {
        int first = count;
        while (first > 0 && numbers[first - 1] > lowest) {
            first--;
        }
        return first;
    }

    /** Where the messages are whose numbers are above this one. */
    synchronized Where above(long lowest) {
        int first = firstAbove(lowest);
        if (first == count) {
            return new Where.Nowhere();
        }
        if (dropped > lowest) {
            return new Where.Anywhere();
        }
        var json = new StringBuilder("[").append(numbers[first]);
        for (int i = first + 1; i < count; i++) {
            json.append(',').append(numbers[i]);
        }
        return new Where.Among(json.append(']').toString());
    }
}
