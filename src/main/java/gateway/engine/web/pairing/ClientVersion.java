package gateway.engine.web.pairing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the web client that this program claims to be; the server refuses old ones (web-1 §1.6). */
public record ClientVersion(int primary, int secondary, int tertiary) {
    /** The newest version known when this program was built. */
    public static final ClientVersion BUILT_IN = new ClientVersion(2, 3000, 1_045_649_367);

    /** The page's number; its quotes may be escaped. Ten digits that begin with 1 fit into an int. */
    private static final Pattern REVISION =
            Pattern.compile("\\\\?\"client_revision\\\\?\":\\s*(1[0-9]{9}|[0-9]{1,9})(?![0-9])");

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})\\.([0-9]{1,10})");

    /** @throws IllegalArgumentException for text other than three numbers with dots between them */
    public static ClientVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("is not a version, like 2.3000.1045649367");
        }
        return new ClientVersion(
                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
    }

    /** The version that WhatsApp's page names; empty when the page names none. */
    public static Optional<ClientVersion> named(String page) {
        Matcher revision = REVISION.matcher(page);
        return revision.find()
                ? Optional.of(new ClientVersion(
                        BUILT_IN.primary(), BUILT_IN.secondary(), Integer.parseInt(revision.group(1))))
                : Optional.empty();
    }

    public boolean isNewerThan(ClientVersion other) {
        return Comparator.comparingInt(ClientVersion::primary)
                        .thenComparingInt(ClientVersion::secondary)
                        .thenComparingInt(ClientVersion::tertiary)
                        .compare(this, other)
                > 0;
    }

    /** The MD5 of the version's text, by which a registration names its build. */
    byte[] buildHash() {
        try {
            return MessageDigest.getInstance("MD5").digest(toString().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    @Override
    public String toString() {
        return primary + "." + secondary + "." + tertiary;
    }
}
