package gateway.rotation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.SettingsReader;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.secret.Sealing;

/**
 * Puts a new key-encryption key before the present one, wraps the data keys by it, then drops the old one. At every
 * instant each data key is wrapped by a key that is written down. The sealed values themselves stay as they are.
 */
public final class EncryptionKeyRotation {
    private final SettingsReader reader;
    private final KeyRing ring;
    private final Path file;
    private final Sealing sealing;
    private final Others others;

    /** What is sealed outside the database, in files. */
    @FunctionalInterface
    public interface Others {
        /** Wraps its data keys by the key in use. Says how many were not. */
        int rewrap() throws IOException;
    }

    /** @param file where the keys are when {@code WHATSAPP_ENCRYPTION_KEY} is not set */
    public EncryptionKeyRotation(SettingsReader reader, KeyRing ring, Path file, Sealing sealing, Others others) {
        this.reader = reader;
        this.ring = ring;
        this.file = file;
        this.sealing = sealing;
        this.others = others;
    }

    String place() {
        return reader.origin(SecretKind.ENCRYPTION_KEY).map(Object::toString).orElse(file.toString());
    }

    Rotated rotate(Ledger ledger) {
        var origin = reader.origin(SecretKind.ENCRYPTION_KEY);
        if (origin.filter(from -> !SourceSecrets.isWritten(from.kind())).isPresent()) {
            throw new RotationRefused("The encryption key comes from " + origin.get()
                    + ", where no program can write. Put a new key before it "
                    + "there, with a comma between (openssl rand -base64 32), and restart; then remove the old one.");
        }
        var keys = ring.withNew();
        write(origin.isPresent(), keys);
        int wrapped = sealing.rewrap() + rewrapOthers();
        ledger.touch();
        write(origin.isPresent(), keys.subList(0, 1));
        return new Rotated(
                SecretKind.ENCRYPTION_KEY.label(),
                place(),
                Optional.empty(),
                Optional.empty(),
                wrapped + " data keys are wrapped by it. Backups made before need the key they were made with.");
    }

    /** When it fails, the old key stays beside the new one. */
    private int rewrapOthers() {
        try {
            return others.rewrap();
        } catch (IOException e) {
            throw new RotationRefused(
                    "The settings of the Admin API's instances could not be written: "
                            + e.getClass().getSimpleName() + ". Both encryption keys stay in " + place()
                            + "; make room and rotate again.",
                    e);
        }
    }

    private void write(boolean setting, List<String> keys) {
        try {
            if (setting) {
                reader.replace(SecretKind.ENCRYPTION_KEY, new Secret(String.join(",", keys)));
            } else {
                SecretFile.write(file, String.join("\n", keys) + "\n");
            }
        } catch (IOException e) {
            throw new RotationRefused(
                    "The encryption key could not be written to " + place() + ": "
                            + e.getClass().getSimpleName() + ".",
                    e);
        }
        ring.reread();
    }
}
