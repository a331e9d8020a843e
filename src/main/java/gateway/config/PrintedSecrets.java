package gateway.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Secrets that are known to everybody although they look long enough: those that a document prints, sequences and
 * repetitions (OWASP ASVS 6.2.4, 13.3.1). Read from the resource {@code printed-secrets.txt} when first asked.
 */
public final class PrintedSecrets {
    /** The most characters around a printed value with which the text still counts as that value. */
    private static final int MAX_DRESSING = 6;

    /** The shortest printed value that is looked for inside a longer text. */
    private static final int MIN_DRESSED = 10;
    /** Neighbouring characters, in percent, that may be alike or follow one another in the alphabet. */
    private static final int MAX_STEPS = 60;

    /** Different characters that a secret must have. */
    private static final int MIN_DISTINCT = 6;
    /** The longest piece whose repetition is refused, because a longer piece can be a secret by itself. */
    private static final int MAX_PIECE = 16;

    private static final class Known {
        private static final Set<String> VALUES = read();
    }

    private PrintedSecrets() {}

    /** What is wrong with a secret, as half a sentence that does not repeat it; empty when nothing of this kind is. */
    public static Optional<String> objection(String secret) {
        var lower = secret.toLowerCase(Locale.ROOT).replaceFirst("^whsec_", "");
        for (var known : Known.VALUES) {
            boolean dressed = known.length() >= MIN_DRESSED
                    && lower.contains(known)
                    && lower.length() - known.length() <= MAX_DRESSING;
            if (lower.equals(known) || dressed || isMadeOf(lower, known)) {
                return Optional.of("is one that a document prints, so everybody knows it");
            }
        }
        return isSequence(lower)
                ? Optional.of("is a sequence")
                : isRepetition(lower) ? Optional.of("repeats itself") : Optional.empty();
    }

    /** As {@link #objection}, of 32 bytes in Base64: their pattern does not show in the text. */
    public static Optional<String> keyObjection(String base64) {
        try {
            var octets = Base64.getDecoder().decode(base64);
            return objection(base64).or(() -> objection(new String(octets, StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException noBase64) {
            return objection(base64);
        }
    }

    private static boolean isMadeOf(String text, String known) {
        return text.length() >= 2 * known.length() && text.replace(known, "").length() <= MAX_DRESSING;
    }

    private static boolean isSequence(String text) {
        int steps = 0;
        for (int i = 1; i < text.length(); i++) {
            steps += Math.abs(text.charAt(i) - text.charAt(i - 1)) <= 1 ? 1 : 0;
        }
        return text.length() > 4 && steps * 100 > MAX_STEPS * (text.length() - 1);
    }

    /** Whether a short piece comes again and again, or a handful of characters is all there is. */
    private static boolean isRepetition(String text) {
        if (text.chars().distinct().count() < Math.min(MIN_DISTINCT, text.length())) {
            return true;
        }
        for (int period = 1; period <= Math.min(MAX_PIECE, text.length() / 2); period++) {
            if (text.regionMatches(period, text, 0, text.length() - period)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> read() {
        try (var lines = new BufferedReader(new InputStreamReader(
                PrintedSecrets.class.getResourceAsStream("printed-secrets.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.strip().toLowerCase(Locale.ROOT))
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("The list of printed secrets cannot be read", e);
        }
    }
}
