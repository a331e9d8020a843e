package gateway.webhook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM under a key in a file of its own, so that a copy of the database alone gives nothing away. The
 * file is made at the first start, for the owner only.
 */
public final class KeyFile implements SecretCodec {
    private static final String FORM = "v1:";
    private static final int NONCE = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    private KeyFile(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Reads the key, or makes it.
     *
     * @throws IllegalStateException with the remedy, when the file cannot be used
     */
    public static KeyFile at(Path file) {
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.endsWith("------")) {
                throw new IllegalStateException("The key " + file + " can be read by other users. Run: chmod 600 " + file
                        + " and rotate the webhook secrets.");
            }
            var key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length != 32) {
                throw new IllegalArgumentException();
            }
            return new KeyFile(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("The key " + file + " is damaged. Restore it from the backup made with the database.");
        } catch (IOException e) {
            throw new IllegalStateException("The key " + file + " cannot be read: " + e.getClass().getSimpleName() + ".", e);
        }
    }

    /** Complete under its name or not there: a half-written key would lose every secret sealed with the whole one. */
    private static void create(Path file) throws IOException {
        var key = new byte[32];
        RANDOM.nextBytes(key);
        var draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".key", "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = Files.newByteChannel(draft, Set.of(StandardOpenOption.WRITE, StandardOpenOption.DSYNC))) {
            channel.write(ByteBuffer.wrap(Base64.getEncoder().encode(key)));
        }
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            System.getLogger(KeyFile.class.getName()).log(System.Logger.Level.DEBUG, "another process made the key first");
        } finally {
            Files.delete(draft);
        }
    }

    @Override
    public String seal(String owner, String secret) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        var sealed = crypt(Cipher.ENCRYPT_MODE, owner, nonce, secret.getBytes(StandardCharsets.UTF_8));
        return FORM + Base64.getEncoder().encodeToString(ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array());
    }

    @Override
    public String open(String owner, String sealed) {
        if (!sealed.startsWith(FORM)) {
            throw wrongKey();
        }
        var bytes = Base64.getDecoder().decode(sealed.substring(FORM.length()));
        var nonce = java.util.Arrays.copyOf(bytes, NONCE);
        return new String(crypt(Cipher.DECRYPT_MODE, owner, nonce, java.util.Arrays.copyOfRange(bytes, NONCE, bytes.length)),
                StandardCharsets.UTF_8);
    }

    private byte[] crypt(int mode, String owner, byte[] nonce, byte[] text) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(128, nonce));
            cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw wrongKey();
        }
    }

    private static IllegalStateException wrongKey() {
        return new IllegalStateException("A webhook secret in the database does not open with this key. "
                + "Restore the key file from the backup made with the database.");
    }
}
