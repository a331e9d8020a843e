package gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that never shows itself: {@link #toString()} is a mask, so that no log line or record prints it by accident.
 */
public final class Secret {
    /** What stands in for every secret, whatever its length. */
    public static final String MASK = "********";

    private final String clear;

    public Secret(String clear) {
        this.clear = clear;
    }

    /** The clear text, for the one place that has to use it. */
    public String reveal() {
        return clear;
    }

    /** Length in characters. */
    public int length() {
        return clear.length();
    }

    /** Compares in a time that depends on the lengths only (ASVS 5.0 11.2.4). */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        clear.getBytes(StandardCharsets.UTF_8), secret.clear.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return clear.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
