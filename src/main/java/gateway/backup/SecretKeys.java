package gateway.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.operator.PublicKeyDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;

import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** The secret keys that open a backup, as {@code gpg --export-secret-keys} writes them. */
public final class SecretKeys {
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final PGPSecretKeyRingCollection keys;
    private final char[] passphrase;

    private SecretKeys(Path file, PGPSecretKeyRingCollection keys, char[] passphrase) {
        this.file = file;
        this.keys = keys;
        this.passphrase = passphrase;
    }

    /**
     * Reads the keys.
     *
     * @param passphrase a file whose first line is the keys' passphrase; empty when the keys have none
     * @throws ExplainedFault when a file cannot be read or holds no secret key
     */
    public static SecretKeys of(Path file, Optional<Path> passphrase) {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes(file, "secret key")))) {
            var keys = new BcPGPSecretKeyRingCollection(in);
            if (keys.size() > 0) {
                return new SecretKeys(
                        file, keys, passphrase.map(SecretKeys::line).orElse("").toCharArray());
            }
            throw new ExplainedFault(none(file));
        } catch (IOException | PGPException e) {
            throw new ExplainedFault(none(file), e);
        }
    }

    private static String none(Path file) {
        return "The file " + file + " holds no secret key; write it with gpg --export-secret-keys --armor.";
    }

    private static String line(Path file) {
        return new String(bytes(file, "passphrase"), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static byte[] bytes(Path file, String what) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException e) {
            throw DiskTrouble.fault("The file " + file + " of the " + what + " cannot be read", e, file);
        }
    }

    Path file() {
        return file;
    }

    /**
     * The key of that number; empty when it is not among these.
     *
     * @throws ExplainedFault when the passphrase does not open it
     */
    Optional<PublicKeyDataDecryptorFactory> opening(long id) {
        var key = Optional.ofNullable(keys.getSecretKey(id));
        try {
            return key.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new BcPublicKeyDataDecryptorFactory(new PGPKeyPair(
                            key.get().getPublicKey(),
                            key.get()
                                    .extractPrivateKey(
                                            new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                                                    .build(passphrase)))));
        } catch (PGPException e) {
            throw new ExplainedFault(
                    "The key in " + file + " does not open with this passphrase; name the file that holds it"
                            + " with --passphrase-file.",
                    e);
        }
    }
}
