package gateway.auth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import gateway.config.BasicUser;
import gateway.config.PrintedSecrets;

/**
 * What a password must be: 20 to 256 characters (guide, "Best Practices"; OWASP ASVS 6.2.1, 6.2.9), and no common one,
 * nor a common one repeated or dressed up with digits (ASVS 6.2.4).
 */
public final class PasswordPolicy {
    public static final int MIN = 20;
    public static final int MAX = 256;
    private static final int MIN_CHARACTERS = 6;
    private static final int MAX_LEFT = 4;
    /**
     * Letters and digits that are not mistaken for one another; none that a URL, a list or a header would trip over.
     */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static final int GENERATED = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Set<String> common;

    public PasswordPolicy() {
        try (var reader = new BufferedReader(new InputStreamReader(
                PasswordPolicy.class.getResourceAsStream("common-passwords.txt"), StandardCharsets.UTF_8))) {
            common = reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("The list of common passwords cannot be read", e);
        }
    }

    /** What is wrong with it, as half a sentence that does not repeat it; empty when nothing is. */
    public Optional<String> objection(String name, String password) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN) {
            return Optional.of("has fewer than " + MIN + " characters; `openssl rand -base64 32` makes a good one");
        }
        if (length > MAX) {
            return Optional.of("has more than " + MAX + " characters");
        }
        if (password.chars().anyMatch(BasicUser::isUnreadable)) {
            return Optional.of("holds a control character, such as a line end");
        }
        if (password.codePoints().distinct().count() < MIN_CHARACTERS) {
            return Optional.of("repeats a few characters");
        }
        String lower = password.toLowerCase(Locale.ROOT);
        if (name.length() > 2 && isMadeOf(lower, name.toLowerCase(Locale.ROOT))
                || common.stream().anyMatch(word -> isMadeOf(lower, word))) {
            return Optional.of("is a common one, or one repeated");
        }
        return PrintedSecrets.objection(password);
    }

    /**
     * Whether next to nothing but digits and signs is left when the word is taken out, however often it stands there.
     */
    private static boolean isMadeOf(String password, String word) {
        if (!password.contains(word)) {
            return false;
        }
        String rest = password.replace(word, "");
        boolean hasLetters = word.chars().anyMatch(Character::isLetter);
        long left = hasLetters ? rest.chars().filter(Character::isLetter).count() : rest.length();
        return left <= MAX_LEFT;
    }

    /** 32 random characters, 187 bits. */
    public static String generate() {
        return RANDOM.ints(GENERATED, 0, ALPHABET.length())
                .mapToObj(i -> String.valueOf(ALPHABET.charAt(i)))
                .collect(Collectors.joining());
    }
}
