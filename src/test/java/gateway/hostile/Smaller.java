package gateway.hostile;

import java.util.Arrays;
import java.util.function.Predicate;

/** Takes bytes out of an input for as long as it still shows the fault (delta debugging). */
final class Smaller {
    private static final int MAX_TRIES = 400;

    private Smaller() {}

    static byte[] of(byte[] input, Predicate<byte[]> shows) {
        var best = input;
        int tries = 0;
        for (int step = Math.max(1, input.length / 2); step >= 1; step /= 2) {
            for (int at = 0; at < best.length && tries < MAX_TRIES; ) {
                var less = without(best, at, Math.min(best.length, at + step));
                tries++;
                if (shows.test(less)) {
                    best = less;
                } else {
                    at += step;
                }
            }
        }
        return best;
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        var less = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, less, from, bytes.length - to);
        return less;
    }
}
