package gateway.secret;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import gateway.config.Secret;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;

/** The {@link Ledger} at one moment. */
public final class Snapshot {
    private final long revision;
    private final Map<SecretKind, Entry> entries;
    private final Aes key;

    Snapshot(long revision, Map<SecretKind, Entry> entries, Aes key) {
        this.revision = revision;
        this.entries = Map.copyOf(entries);
        this.key = key;
    }

    /** A secret that was replaced and is still good for a while. */
    public record Old(Secret secret, Instant until) {}

    /** Counts the changes that a running server has to take over. */
    public long revision() {
        return revision;
    }

    /** The line of a secret, if it has one. */
    public Optional<Entry> entry(SecretKind kind) {
        return Optional.ofNullable(entries.get(kind));
    }

    /** The settings with what rotations put in the place of values whose source cannot be written to. */
    public Settings applied(Settings settings) {
        var applied = settings;
        for (var kind : SecretKind.values()) {
            var value = kind.in(settings)
                    .filter(source -> fingerprint(source)
                            .equals(entries.getOrDefault(kind, Entry.NONE).replaces()))
                    .flatMap(source -> entries.getOrDefault(kind, Entry.NONE).value());
            if (value.isPresent()) {
                applied = kind.with(applied, value.get());
            }
        }
        return applied;
    }

    /** The secret before the one in these (applied) settings, while it is good; empty when it is the same. */
    public Optional<Old> old(SecretKind kind, Settings settings, Instant now) {
        return entry(kind)
                .filter(entry -> entry.until() > now.toEpochMilli())
                .flatMap(entry -> entry.old().map(secret -> new Old(secret, Instant.ofEpochMilli(entry.until()))))
                .filter(old -> !kind.in(settings).equals(Optional.of(old.secret())));
    }

    Map<SecretKind, Entry> entries() {
        return entries;
    }

    Aes key() {
        return key;
    }

    String fingerprint(Secret secret) {
        return key.fingerprint(secret.reveal());
    }
}
