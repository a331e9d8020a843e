package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.process.OpenedFile;

/**
 * The attestations of a gateway, one file for each item (0600) in a directory of their own (0700). Both belong to the
 * owner of the storage directory. A new attestation takes the place of the one before it.
 */
public final class AttestationBook {
    /** Far larger than any attestation. */
    private static final int MAX_BYTES = 16_384;

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path storage;
    private final Path directory;
    private final Sealing sealing;

    /** Makes the seal of a text. */
    @FunctionalInterface
    public interface Sealing {
        /** @throws IOException when the key of the seals cannot be read */
        String seal(String text) throws IOException;
    }

    /** @param storage the storage directory; the book's own directory is made with the first attestation */
    public AttestationBook(Path storage, Sealing sealing) {
        this.storage = storage;
        this.directory = storage.resolve("attestations");
        this.sealing = sealing;
    }

    /**
     * The attestation of an item; empty when there is none.
     *
     * @throws Unseen when it is there and cannot be read
     */
    public Optional<Attestation.Found> find(String item) {
        var file = directory.resolve(item + ".json");
        try (var place = OpenedFile.of(directory);
                var opened = place.entry(item + ".json")) {
            var facts = opened.attributes();
            if (!facts.isRegularFile()) {
                throw new Unseen(file + " is not a regular file");
            }
            byte[] bytes;
            try (var in = opened.stream()) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                throw new Unseen(file + " has more than " + MAX_BYTES + " bytes");
            }
            var owner = Files.getOwner(storage);
            var strange = strange(directory, place.attributes(), owner).or(() -> strange(file, facts, owner));
            return Optional.of(found(item, MAPPER.readTree(bytes), strange));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw new Unseen(file + " holds no attestation");
        } catch (IOException e) {
            throw Machine.unseen(file, e);
        }
    }

    /** Why others than the owner could have written here; empty when nobody could. */
    private static Optional<String> strange(Path path, PosixFileAttributes facts, UserPrincipal owner) {
        if (!facts.owner().equals(owner)) {
            return Optional.of(path + " belongs to " + facts.owner().getName() + ", not to " + owner.getName());
        }
        return OWNERS.containsAll(facts.permissions())
                ? Optional.empty()
                : Optional.of(path + " is open to others than its owner");
    }

    private Attestation.Found found(String item, JsonNode json, Optional<String> strange) throws IOException {
        var path = json.path("file").asText("");
        var attestation = new Attestation(
                text(json, "item"),
                text(json, "by"),
                Instant.parse(text(json, "at")),
                LocalDate.parse(text(json, "until")),
                path.isEmpty() ? Optional.empty() : Optional.of(new Attestation.Proof(path, text(json, "sha256"))));
        // The name of the file is not sealed, so an attestation of another item must not count for this one.
        boolean sealed = attestation.item().equals(item)
                && MessageDigest.isEqual(bytes(text(json, "seal")), bytes(sealing.seal(attestation.text())));
        return new Attestation.Found(
                attestation, sealed ? strange : Optional.of("the attestation of " + item + " was altered"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(JsonNode json, String field) {
        var text = json.path(field).asText("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no " + field);
        }
        return text;
    }

    /**
     * Writes an attestation in the place of the one before it: whole, or not at all.
     *
     * @throws UncheckedIOException when it cannot be written, or the files would not belong to the storage's owner
     */
    public void write(Attestation attestation) {
        var json = MAPPER.createObjectNode();
        json.put("item", attestation.item());
        json.put("by", attestation.by());
        json.put("at", attestation.at().toString());
        json.put("until", attestation.until().toString());
        attestation.proof().ifPresent(proof -> {
            json.put("file", proof.path());
            json.put("sha256", proof.sha256());
        });
        try {
            json.put("seal", sealing.seal(attestation.text()));
            if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            var owner = Files.getOwner(storage);
            try (var place = OpenedFile.of(directory)) {
                var strange = strange(directory, place.attributes(), owner);
                if (strange.isPresent()) {
                    throw new IOException(strange.get());
                }
            }
            replace(
                    directory.resolve(attestation.item() + ".json"),
                    bytes(MAPPER.writeValueAsString(json) + "\n"),
                    owner);
        } catch (IOException e) {
            throw new UncheckedIOException("The attestation cannot be written: " + e.getMessage(), e);
        }
    }

    private void replace(Path file, byte[] bytes, UserPrincipal owner) throws IOException {
        var draft = Files.createTempFile(
                directory,
                ".attestation",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (!Files.getOwner(draft, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                throw new IOException("only " + owner.getName() + ", the owner of " + storage + ", writes here");
            }
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                var rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
