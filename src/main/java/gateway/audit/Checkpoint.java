package gateway.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A signed statement that at this time the log had so many lines and ended with this {@code h}. A copy on another
 * machine is what shows that the log was cut short or put back.
 *
 * @param kind {@code rotation} when a new file begins behind it, so that the older ones may be gone; else {@code time}
 * @param seq  of the last line it covers
 */
record Checkpoint(String kind, long seq, String h, long epoch, String time, String signature) {
    static final String TIME = "time";
    static final String ROTATION = "rotation";
    private static final String ORIGIN = "whatsapp-security-log";
    private static final Pattern FORM = Pattern.compile(
            "\\{\"origin\":\"whatsapp-security-log\",\"kind\":\"(time|rotation)\",\"seq\":(\\d{1,18}),\"h\":\"([0-9a-f]{64})\",\"epoch\":(\\d{1,18}),"
                    + "\"ts\":\"([0-9TZ:.+-]{20,40})\",\"sig\":\"([A-Za-z0-9+/=]{88})\"}");

    static Checkpoint of(String kind, ChainState state, Instant time, PrivateKey key) {
        var unsigned = new Checkpoint(kind, state.seq(), state.last(), state.epoch(), time.toString(), "");
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(unsigned.signed());
            return new Checkpoint(
                    kind,
                    unsigned.seq,
                    unsigned.h,
                    unsigned.epoch,
                    unsigned.time,
                    Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A checkpoint could not be signed", e);
        }
    }

    static Optional<Checkpoint> parse(String line) {
        var match = FORM.matcher(line);
        return match.matches()
                ? Optional.of(new Checkpoint(
                        match.group(1),
                        Long.parseLong(match.group(2)),
                        match.group(3),
                        Long.parseLong(match.group(4)),
                        match.group(5),
                        match.group(6)))
                : Optional.empty();
    }

    boolean signedBy(PublicKey key) {
        try {
            var check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(signed());
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] signed() {
        return (ORIGIN + "\n" + kind + "\n" + seq + "\n" + h + "\n" + epoch + "\n" + time + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** As a line of {@code audit.checkpoints} and of the journal. */
    @Override
    public String toString() {
        return "{\"origin\":\"" + ORIGIN + "\",\"kind\":\"" + kind + "\",\"seq\":" + seq + ",\"h\":\"" + h
                + "\",\"epoch\":" + epoch + ",\"ts\":\"" + time + "\",\"sig\":\"" + signature + "\"}";
    }
}
