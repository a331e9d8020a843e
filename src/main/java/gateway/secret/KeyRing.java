package gateway.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/**
 * The key-encryption keys: the one in use, and older ones that some data key may still be wrapped by. From
 * {@code WHATSAPP_ENCRYPTION_KEY}, so that a copy of the storage directory alone opens nothing; else from a file in
 * that directory, for the owner only, which guards against a copy of the database alone.
 */
public final class KeyRing {
    private final Supplier<List<Aes>> source;
    private volatile List<Aes> keys;

    private KeyRing(Supplier<List<Aes>> source) {
        this.source = source;
        this.keys = source.get();
    }

    /** Keys that were given: 32 bytes in Base64 each, the one in use first. Asked for again when one is missing. */
    public static KeyRing given(Supplier<List<Secret>> texts) {
        return new KeyRing(() -> texts.get().stream()
                .map(text -> new Aes(Base64.getDecoder().decode(text.reveal())))
                .toList());
    }

    /**
     * Keys in a file, one a line; it is made when it is not there.
     *
     * @throws ExplainedFault with the remedy, when the file cannot be used
     */
    public static KeyRing file(Path file) {
        return new KeyRing(() -> read(file));
    }

    private static List<Aes> read(Path file) {
        try {
            if (Files.notExists(file)) {
                SecretFile.write(file, Aes.random().base64() + "\n");
            }
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.endsWith("------")) {
                throw new ExplainedFault("The key " + file + " can be read by other users. Run: chmod 600 " + file
                        + " and then: whatsapp rotate encryption-key");
            }
            var keys = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(line -> new Aes(Base64.getDecoder().decode(line)))
                    .toList();
            if (keys.isEmpty()) {
                throw new IllegalArgumentException();
            }
            return keys;
        } catch (IllegalArgumentException e) {
            throw new ExplainedFault(
                    "The key " + file + " is damaged. Restore it from the backup made with the database.");
        } catch (IOException e) {
            throw DiskTrouble.fault("The key " + file + " cannot be used", e, file);
        }
    }

    /** The key new data keys are wrapped by. */
    Aes current() {
        return keys.getFirst();
    }

    /** The name of the key in use; tells keys apart and nothing else. */
    public String id() {
        return current().id();
    }

    /** The key of that name; a ring that does not have it looks at its source again. */
    Aes named(String id) {
        var found = find(id);
        if (found.isEmpty()) {
            keys = source.get();
            found = find(id);
        }
        return found.orElseThrow(
                () -> new ExplainedFault(
                        "What is sealed in the database or the ledger needs the encryption key " + id
                                + ", which is not here. Add it to WHATSAPP_ENCRYPTION_KEY after a comma, or restore the key file."));
    }

    private Optional<Aes> find(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** This ring with a new key in front, as it would be written down: 32 bytes in Base64 each. */
    public List<String> withNew() {
        var texts = new ArrayList<String>(List.of(Aes.random().base64()));
        keys.forEach(key -> texts.add(key.base64()));
        return texts;
    }

    /** Every key of the ring as it would be written down: 32 bytes in Base64 each, the one in use first. */
    public List<String> texts() {
        return keys.stream().map(Aes::base64).toList();
    }

    /** Whether the ring has the key of that name, after a second look at its source when need be. */
    public boolean has(String id) {
        if (find(id).isEmpty()) {
            keys = source.get();
        }
        return find(id).isPresent();
    }

    /** Takes the keys from their source again. */
    public void reread() {
        keys = source.get();
    }
}
