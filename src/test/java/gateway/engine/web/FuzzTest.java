package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The short form of {@code make fuzz}: every kept input, and {@code fuzz.runs} changes of kept inputs for each target.
 * The changes are the same in each run; those of the long form are found by coverage.
 */
@Timeout(600)
class FuzzTest {
    private static final int RUNS = Integer.getInteger("fuzz.runs", 6_000);
    private static final int MAX_BYTES = 4_096;
    private static final byte[] TELLING = {0, 1, 2, 5, 8, 10, 18, 26, 34, 127, -128, -1, -8, -9, -4, -3, -2};

    @ParameterizedTest
    @EnumSource
    void everyKeptInputIsTakenOrRefused(FuzzTarget target) {
        List<byte[]> corpus = target.corpus();
        long accepted = corpus.stream().filter(target::accepts).count();
        assertTrue(accepted > 0 && accepted < corpus.size(), accepted + " of " + corpus.size() + " are accepted");
    }

    @ParameterizedTest
    @EnumSource
    void everyChangeOfAKeptInputIsTakenOrRefused(FuzzTarget target) {
        List<byte[]> corpus = target.corpus();
        Random random = new Random(20);
        for (int i = 0; i < RUNS; i++) {
            byte[] input = changed(corpus.get(random.nextInt(corpus.size())), corpus, random);
            try {
                target.accepts(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(target + " does not take " + Vectors.hex(input), e);
            }
        }
    }

    private static byte[] changed(byte[] kept, List<byte[]> corpus, Random random) {
        byte[] input = kept.clone();
        for (int left = 1 + random.nextInt(4); left > 0 && input.length > 0; left--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(6)) {
                case 0 -> input[at] = (byte) random.nextInt();
                case 1 -> input[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> input[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 3 -> input = Arrays.copyOf(input, at);
                case 4 -> input = joined(input, at, input, random.nextInt(input.length));
                default -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    input = joined(input, at, other, other.length == 0 ? 0 : random.nextInt(other.length));
                }
            }
        }
        return input.length > MAX_BYTES ? Arrays.copyOf(input, MAX_BYTES) : input;
    }

    /** The beginning of one input with the end of another. */
    private static byte[] joined(byte[] first, int until, byte[] second, int from) {
        byte[] whole = Arrays.copyOf(first, until + second.length - from);
        System.arraycopy(second, from, whole, until, second.length - from);
        return whole;
    }

    /** The talk's own messages are among the kept inputs, so that changes of messages that open are tried. */
    @Test
    void theKeptInputsOpen() {
        for (byte[] wire : List.of(FuzzedTalk.MESSAGE, FuzzedTalk.FIRST)) {
            assertTrue(FuzzTarget.SIGNAL.corpus().stream()
                    .filter(FuzzTarget.SIGNAL::accepts)
                    .anyMatch(kept -> Arrays.equals(wire, Arrays.copyOfRange(kept, 1, kept.length))));
        }
        assertTrue(FuzzTarget.SENDER_KEY.corpus().stream()
                .filter(FuzzTarget.SENDER_KEY::accepts)
                .anyMatch(kept -> Arrays.equals(FuzzedTalk.GROUP_MESSAGE, Arrays.copyOfRange(kept, 1, kept.length))));
    }
}
