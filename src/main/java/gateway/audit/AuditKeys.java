package gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

import gateway.process.DirectoryLock;

/**
 * The keys of the security log, one file each, in a directory of their own (0700, files 0600).
 *
 * <ul>
 * <li>{@code audit.seed}: where the chain's key began. Needed to verify, never to write: move it to another machine,
 *     and nobody who takes over this one can rewrite what was logged before.</li>
 * <li>{@code audit.key} and {@code audit.pub}: Ed25519, for the checkpoints.</li>
 * <li>{@code audit.salt}: for the hashes that stand for personal data.</li>
 * <li>{@code audit.state}: where the chain is, with the key of the present epoch only.</li>
 * </ul>
 *
 * <p>Whoever appends holds a lock on the directory itself, which no removal of a file inside takes away.
 */
final class AuditKeys {
    static final String SALT = "audit.salt";
    private static final String ALGORITHM = "Ed25519";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    /** @throws IOException when the directory can neither be used nor made */
    AuditKeys(Path directory) throws IOException {
        this.directory = directory;
        if (Files.isSymbolicLink(directory)) {
            throw new FileSystemException(directory.toString(), null, "Too many levels of symbolic links");
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Makes what is not there yet; a first start. */
    void create() throws IOException {
        if (!Files.exists(state())) {
            byte[] seed = random();
            write(seed(), HexFormat.of().formatHex(seed));
            ChainState.first(seed).save(state(), true);
        }
        if (!Files.exists(salt())) {
            write(salt(), HexFormat.of().formatHex(random()));
        }
        if (!Files.exists(directory.resolve("audit.key"))) {
            try {
                var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                write(
                        directory.resolve("audit.pub"),
                        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
                write(
                        directory.resolve("audit.key"),
                        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java platform has Ed25519", e);
            }
        }
    }

    Path state() {
        return directory.resolve("audit.state");
    }

    /** Held while a process appends. */
    DirectoryLock lock() throws IOException {
        return DirectoryLock.of(directory);
    }

    Path seed() {
        return directory.resolve("audit.seed");
    }

    private Path salt() {
        return directory.resolve(SALT);
    }

    byte[] saltBytes() throws IOException {
        return hex(salt());
    }

    PrivateKey signing() throws IOException {
        try {
            byte[] encoded = Base64.getDecoder().decode(text(directory.resolve("audit.key")));
            return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(directory.resolve("audit.key") + " holds no Ed25519 key", e);
        }
    }

    static PublicKey publicKey(Path file) throws IOException {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text(file))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " holds no Ed25519 public key", e);
        }
    }

    static byte[] hex(Path file) throws IOException {
        try {
            return HexFormat.of().parseHex(text(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no key in hexadecimal", e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII).trim();
    }

    private static byte[] random() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return key;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                text + "\n",
                StandardCharsets.US_ASCII,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC,
                LinkOption.NOFOLLOW_LINKS);
    }
}
