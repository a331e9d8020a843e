package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The attestations of a gateway, one file for each item (0600) in a directory of their own (0700). A new attestation
 * takes the place of the one before it.
 */
public final class AttestationBook {
    /** Far larger than any attestation. */
    private static final int MAX_BYTES = 16_384;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;
    private final Sealing sealing;

    /** Makes the seal of a text. */
    @FunctionalInterface
    public interface Sealing {
        /** @throws IOException when the key of the seals cannot be read */
        String seal(String text) throws IOException;
    }

    /** @param directory made when the first attestation is written */
    public AttestationBook(Path directory, Sealing sealing) {
        this.directory = directory;
        this.sealing = sealing;
    }

    /**
     * The attestation of an item; empty when there is none.
     *
     * @throws Unseen when it is there and cannot be read
     */
    public Optional<Attestation.Found> find(String item) {
        var file = file(item);
        try {
            if (!Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new Unseen(file + " is not a regular file");
            }
            try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                var bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new Unseen(file + " has more than " + MAX_BYTES + " bytes");
                }
                return Optional.of(found(item, MAPPER.readTree(bytes)));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw new Unseen(file + " holds no attestation");
        } catch (IOException e) {
            throw new Unseen(file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private Attestation.Found found(String item, JsonNode json) throws IOException {
        var path = json.path("file").asText("");
        var attestation = new Attestation(
                text(json, "item"),
                text(json, "by"),
                Instant.parse(text(json, "at")),
                LocalDate.parse(text(json, "until")),
                path.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Attestation.Proof(path, text(json, "sha256"))));
        // The name of the file is not sealed, so an attestation of another item must not count for this one.
        boolean sealed = attestation.item().equals(item)
                && java.security.MessageDigest.isEqual(
                        bytes(text(json, "seal")), bytes(sealing.seal(attestation.text())));
        return new Attestation.Found(attestation, sealed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String text(JsonNode json, String field) {
        var text = json.path(field).asText("");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no " + field);
        }
        return text;
    }

    /** Writes an attestation in the place of the one before it: whole, or not at all. */
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
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            var whole = Files.createTempFile(
                    directory,
                    ".attestation",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(whole, MAPPER.writeValueAsString(json) + "\n");
                Files.move(whole, file(attestation.item()), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The attestation cannot be written in " + directory, e);
        }
    }

    private Path file(String item) {
        return directory.resolve(item + ".json");
    }
}
