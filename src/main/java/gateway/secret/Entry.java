package gateway.secret;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.config.Secret;
import gateway.config.catalogue.SecretKind;
import gateway.process.ExplainedFault;

/**
 * One secret's line in the {@link Ledger}. Times are epoch milliseconds, 0 = never.
 *
 * @param fingerprint tells whether the secret in force is another one than before
 * @param since       when it was first seen
 * @param value stands in for the value that the source gives, as long as that one's fingerprint is {@code replaces}
 * @param old         the secret before, good until {@code until}
 * @param oldUsed     when somebody last came with it
 */
public record Entry(
        String fingerprint,
        long since,
        Optional<Secret> value,
        String replaces,
        Optional<Secret> old,
        long until,
        long oldUsed) {
    static final Entry NONE = new Entry("", 0, Optional.empty(), "", Optional.empty(), 0, 0);

    Entry seen(String print, long now) {
        return new Entry(print, now, value, replaces, old, until, oldUsed);
    }

    Entry replaced(Secret before, long end) {
        return new Entry(fingerprint, since, value, replaces, Optional.of(before), end, 0);
    }

    Entry superseding(String sourcePrint, Secret fresh) {
        return new Entry(fingerprint, since, Optional.of(fresh), sourcePrint, old, until, oldUsed);
    }

    Entry withoutOld() {
        return new Entry(fingerprint, since, value, replaces, Optional.empty(), 0, 0);
    }

    Entry used(long when) {
        return new Entry(fingerprint, since, value, replaces, old, until, Math.max(oldUsed, when));
    }

    static Entry read(SecretKind kind, ObjectNode node, Aes key) {
        return new Entry(
                node.path("fingerprint").asText(),
                node.path("since").asLong(),
                opened(kind, node, "value", key),
                node.path("replaces").asText(),
                opened(kind, node, "old", key),
                node.path("until").asLong(),
                node.path("old_used").asLong());
    }

    private static Optional<Secret> opened(SecretKind kind, ObjectNode node, String name, Aes key) {
        var sealed = node.path(name).asText();
        return sealed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Secret(
                                key.openText(kind.label() + " " + name, sealed)
                                        .orElseThrow(
                                                () -> new ExplainedFault(
                                                        "The " + name + " of " + kind.label()
                                                                + " in the ledger of secrets was changed by somebody. Restore the file from a backup."))));
    }

    void write(SecretKind kind, ObjectNode node, Aes key) {
        node.put("fingerprint", fingerprint).put("since", since);
        value.ifPresent(secret -> node.put("value", key.seal(kind.label() + " value", secret.reveal()))
                .put("replaces", replaces));
        old.ifPresent(secret -> node.put("old", key.seal(kind.label() + " old", secret.reveal()))
                .put("until", until)
                .put("old_used", oldUsed));
    }
}
