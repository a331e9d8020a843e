package gateway.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.process.ExplainedFault;
import gateway.store.Store;

/**
 * Envelope encryption of what must be recoverable: {@code v2:<data key>:<nonce and ciphertext>}. The form before it,
 * {@code v1:}, was sealed directly under {@code webhook.key}; that and text in clear are renewed when the server
 * starts.
 */
public final class Sealing implements SecretCodec {
    private static final Pattern FORM = Pattern.compile("v2:([0-9a-f]{12}):([A-Za-z0-9+/=]+)");
    private static final String EARLIER = "v1:";

    private final DataKeys keys;
    private final Path earlierKey;

    /** @param earlierKey the file of the form before; read only when such a value is met */
    public Sealing(Store store, KeyRing ring, Path earlierKey, InstantSource clock) {
        this.keys = new DataKeys(store, ring, clock);
        this.earlierKey = earlierKey;
    }

    @Override
    public String seal(String owner, String secret) {
        var key = keys.current();
        return "v2:" + key.id() + ":" + key.key().seal(owner, secret);
    }

    @Override
    public String open(String owner, String sealed) {
        var form = FORM.matcher(sealed);
        var clear = form.matches()
                ? keys.named(form.group(1)).openText(owner, form.group(2))
                : sealed.startsWith(EARLIER) ? earlier(owner, sealed) : Optional.<String>empty();
        return clear.orElseThrow(() -> new Unreadable("A secret in the database does not open with its key: "
                + "it was changed, or belongs to another row. Restore the database from a backup."));
    }

    @Override
    public Optional<String> renewed(String owner, String stored) {
        if (FORM.matcher(stored).matches()) {
            return Optional.empty();
        }
        return Optional.of(seal(owner, stored.startsWith(EARLIER) ? open(owner, stored) : stored));
    }

    private Optional<String> earlier(String owner, String sealed) {
        try {
            return new Aes(Base64.getDecoder()
                            .decode(Files.readString(earlierKey).strip()))
                    .openText(owner, sealed.substring(EARLIER.length()));
        } catch (IOException | IllegalArgumentException e) {
            throw new ExplainedFault(
                    "The key " + earlierKey + " cannot be read, and a webhook secret is sealed with it. "
                            + "Restore it from the backup made with the database.");
        }
    }

    /** A key for another purpose, of 32 bytes; the same on every node of the database. */
    public byte[] derived(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    Base64.getDecoder().decode(keys.current().key().base64()), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA-256", e);
        }
    }

    /** Wraps the data keys by the ring's key in use. Says how many were not. */
    public int rewrap() {
        return keys.rewrap();
    }
}
