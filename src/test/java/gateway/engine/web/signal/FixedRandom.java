package gateway.engine.web.signal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** A source of randomness that gives what it was told to give, in order, and nothing else. */
public final class FixedRandom implements RandomGenerator {
    private final Deque<byte[]> answers = new ArrayDeque<>();

    public FixedRandom give(byte[] answer) {
        answers.add(answer);
        return this;
    }

    public boolean isSpent() {
        return answers.isEmpty();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        byte[] answer = answers.remove();
        if (answer.length != bytes.length) {
            throw new IllegalStateException(bytes.length + " bytes were asked for, " + answer.length + " are next");
        }
        System.arraycopy(answer, 0, bytes, 0, bytes.length);
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("only bytes are drawn");
    }
}
