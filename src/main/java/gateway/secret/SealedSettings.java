package gateway.secret;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import gateway.process.ExplainedFault;

/**
 * Envelope encryption of a file of settings that stands outside the database. The file brings its own data key, wrapped
 * by the {@link KeyRing}, as {@code DATA_KEY=<key-encryption key>:<wrapped>}; a secret {@code NAME} stands there as
 * {@code SEALED_NAME}.
 */
public final class SealedSettings {
    private static final String DATA_KEY = "DATA_KEY";
    private static final String SEALED = "SEALED_";

    private final KeyRing ring;

    public SealedSettings(KeyRing ring) {
        this.ring = ring;
    }

    /**
     * @param owner   what is sealed opens for this owner only
     * @param secrets the names to be sealed; the others stay as they are
     */
    public Map<String, String> seal(String owner, Map<String, String> clear, Set<String> secrets) {
        // Another process may have rotated the key since this one read it.
        ring.reread();
        var key = Aes.random();
        var sealed = new TreeMap<String, String>();
        clear.forEach((name, text) -> {
            if (secrets.contains(name)) {
                sealed.put(SEALED + name, key.seal(owner + " " + name, text));
            } else {
                sealed.put(name, text);
            }
        });
        sealed.put(DATA_KEY, wrapped(owner, key));
        return sealed;
    }

    /** What was sealed, in clear. A secret that stands there in clear is taken as it is. */
    public Map<String, String> open(String owner, Map<String, String> stored) {
        var clear = new TreeMap<>(stored);
        var wrapped = Optional.ofNullable(clear.remove(DATA_KEY));
        for (var name :
                stored.keySet().stream().filter(name -> name.startsWith(SEALED)).toList()) {
            var plain = name.substring(SEALED.length());
            var key = unwrapped(owner, wrapped.orElseThrow(() -> changed(owner)));
            var sealed = Objects.requireNonNull(clear.remove(name));
            clear.put(plain, key.openText(owner + " " + plain, sealed).orElseThrow(() -> changed(owner)));
        }
        return clear;
    }

    /**
     * The same with the data key under the ring's key in use; empty when it is that already, or when nothing is sealed
     * there.
     */
    public Optional<Map<String, String>> rewrapped(String owner, Map<String, String> stored) {
        var wrapped = stored.get(DATA_KEY);
        if (wrapped == null || wrapped.startsWith(ring.id() + ":")) {
            return Optional.empty();
        }
        var next = new TreeMap<>(stored);
        next.put(DATA_KEY, wrapped(owner, unwrapped(owner, wrapped)));
        return Optional.of(next);
    }

    /** Whether its data key is wrapped by another key than the one in use, which is asked for anew. */
    public boolean isOutdated(Map<String, String> stored) {
        ring.reread();
        return !stored.getOrDefault(DATA_KEY, "").startsWith(ring.id() + ":");
    }

    private String wrapped(String owner, Aes key) {
        var wrapping = ring.current();
        return wrapping.id() + ":" + key.wrappedBy(wrapping, owner);
    }

    private Aes unwrapped(String owner, String wrapped) {
        int colon = wrapped.indexOf(':');
        if (colon < 0) {
            throw changed(owner);
        }
        return Aes.unwrap(ring.named(wrapped.substring(0, colon)), owner, wrapped.substring(colon + 1))
                .orElseThrow(() -> changed(owner));
    }

    private static ExplainedFault changed(String owner) {
        return new ExplainedFault(
                "The settings of the " + owner + " do not open with their key: they were changed, or belong elsewhere. "
                        + "Restore them from a backup.");
    }
}
