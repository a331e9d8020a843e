package gateway.engine.sandbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session.PairingCode;

/** The codes that a pretended phone scans or types. Each is valid for a minute, and is taken once. */
final class SandboxCodes {
    private static final Duration VALID = Duration.ofSeconds(60);
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /** Until when a code is valid, whichever kind it is. */
    private Instant validUntil = Instant.MIN;

    private String qr = "";
    private Instant qrUntil = Instant.MIN;

    SandboxCodes(InstantSource clock) {
        this.clock = clock;
    }

    /** The content of the QR image that is shown now; {@code drawn} runs when it is a new one. */
    PairingCode image(Runnable drawn) {
        var now = clock.instant();
        if (!now.isBefore(qrUntil)) {
            qrUntil = now.plus(VALID);
            validUntil = qrUntil;
            var bytes = new byte[48];
            random.nextBytes(bytes);
            qr = "sandbox@" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            drawn.run();
        }
        return new PairingCode(qr, Duration.between(now, qrUntil));
    }

    /** A new code to be typed, in two halves of four characters. */
    String typed() {
        validUntil = clock.instant().plus(VALID);
        var code = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.insert(4, '-').toString();
    }

    /**
     * Uses up the code that is valid now.
     *
     * @throws EngineRefusal when no code is valid
     */
    void take() {
        if (clock.instant().isAfter(validUntil)) {
            throw new EngineRefusal(
                    Reason.REJECTED,
                    "no pairing code stands: call /app/login first, then within " + VALID.toSeconds()
                            + " seconds /sandbox/pair");
        }
        validUntil = Instant.MIN;
        qrUntil = Instant.MIN;
    }
}
