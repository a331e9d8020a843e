package gateway.engine.web.signal;

import java.util.Optional;

/**
 * One key of a sender in a group.
 *
 * @param id            the key's id (32 bits, unsigned)
 * @param chain         the chain behind the furthest message
 * @param signing       the public key that the messages are signed for
 * @param signingSecret its private key, when the sender is this device
 * @param skipped       the seeds of messages that have not come
 */
public record SenderKeyState(
        int id, HashChain chain, CurvePublic signing, Optional<Secret32> signingSecret, SkippedKeys skipped) {
    SenderKeyState with(HashChain further, SkippedKeys left) {
        return new SenderKeyState(id, further, signing, signingSecret, left);
    }
}
