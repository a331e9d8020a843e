package gateway.engine.web.receive;

import java.util.Optional;

import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.PreKeyBundle.OneTime;

/** The receipts that ask for a message once more, because it could not be decrypted (web-2 §3.4). */
public final class RetryReceipts {
    /** How often a message is asked for. */
    public static final int MAX_TRIES = 4;

    private static final int WITH_KEYS = 2;

    private RetryReceipts() {}

    /**
     * Which try the next one is: one more than the tries of this side and than the count that the message itself
     * carries, which is what is left to go by after a restart. Nothing when no more are to be made.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a count that is not a number
     */
    public static Optional<Integer> nextTry(Node message, int made) throws WireRefusal {
        long carried = 0;
        for (Node encrypted : message.children("enc")) {
            carried = Math.max(carried, Math.min(encrypted.number("count").orElse(0L), MAX_TRIES));
        }
        long next = Math.max(carried, made) + 1;
        return next > MAX_TRIES ? Optional.empty() : Optional.of((int) next);
    }

    /** Whether a try carries keys, for which a new one-time pre-key is stored first. */
    public static boolean needsKeys(int attempt, boolean noSession) {
        return noSession || attempt >= WITH_KEYS;
    }

    /**
     * The receipt of a try.
     *
     * @param fresh a one-time pre-key of this try alone, when {@link #needsKeys} says so
     */
    public static Node of(Node message, int attempt, PublicKeys own, Optional<OneTime> fresh) throws WireRefusal {
        Node retry = Node.of("retry")
                .with("v", "1")
                .with("count", attempt)
                .with("id", message.required("id"))
                .with("t", message.required("t"));
        Node receipt = Answers.addressed(Node.of("receipt").with("type", "retry"), message);
        receipt = message.has("category", "peer") ? receipt.with("category", "peer") : receipt;
        return fresh.isPresent()
                ? receipt.holding(retry, own.registration(), own.keys(fresh.get()))
                : receipt.holding(retry, own.registration());
    }
}
