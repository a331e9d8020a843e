package gateway.auth;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * One password of a user, in a form that does not give it away.
 *
 * @param form     what a presented password is compared with
 * @param notAfter when it stops counting; {@link Instant#MAX} for never. A user may have two live ones while clients
 *                 move from the old to the new
 */
public record Password(Form form, Instant notAfter) {

    /** How it is kept. */
    sealed interface Form {}

    /** On disk or in a configuration file: slow to guess at for whoever gets a copy. */
    record Hashed(Argon2 hash) implements Form {}

    /**
     * Only in memory, under the {@link ProcessKey}. For passwords that the configuration gives in clear: whoever can
     * read this process's memory can read the configuration, so a slow hash would protect nothing, and would cost 60 ms
     * for each user at every start.
     */
    record Keyed(byte[] mac) implements Form {
        /** Equal when the HMACs are; compared in constant time. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Keyed keyed && MessageDigest.isEqual(mac, keyed.mac);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(mac);
        }
    }

    public Password {
        Objects.requireNonNull(form);
        Objects.requireNonNull(notAfter);
    }

    /** A password kept as a hash, for good. */
    public static Password hashed(Argon2 hash) {
        return new Password(new Hashed(hash), Instant.MAX);
    }

    public static Password hashed(Argon2 hash, Instant notAfter) {
        return new Password(new Hashed(hash), notAfter);
    }

    /** True when an end is set: its clients should have moved to another by then. */
    boolean retiring() {
        return !notAfter.equals(Instant.MAX);
    }

    boolean live(Instant now) {
        return now.isBefore(notAfter);
    }
}
