package gateway.secret;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Date;
import java.util.Optional;

import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPEncryptedData;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPBEEncryptedData;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.bc.BcPGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.operator.PGPKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.PublicKeyDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBEDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBEKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Files as {@code gpg} writes and reads them (RFC 4880): AES-256 with integrity protection, for a passphrase or for the
 * owner of a public key. What comes without integrity protection is refused: it may have been changed.
 */
public final class OpenPgp {
    /** GnuPG's own default is of this order: 65 million bytes hashed for each guess (RFC 4880 §3.7.1.3). */
    private static final int HASHED = 0xff;

    private OpenPgp() {}

    /** The file could not be made or opened; one sentence's end. */
    public static final class Unopened extends Exception {
        Unopened(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** As {@code gpg --symmetric} does. */
    public static byte[] encrypt(byte[] clear, char[] passphrase) throws Unopened {
        try {
            return encrypt(
                    clear,
                    new BcPBEKeyEncryptionMethodGenerator(
                            passphrase, new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA256), HASHED));
        } catch (PGPException e) {
            throw new Unopened("cannot be encrypted", e);
        }
    }

    /**
     * As {@code gpg --encrypt --recipient} does.
     *
     * @param publicKey what {@code gpg --export} wrote, armoured or not
     */
    public static byte[] encrypt(byte[] clear, byte[] publicKey) throws Unopened {
        return encrypt(clear, new BcPublicKeyKeyEncryptionMethodGenerator(encryptionKey(publicKey)));
    }

    private static byte[] encrypt(byte[] clear, PGPKeyEncryptionMethodGenerator method) throws Unopened {
        var generator = new PGPEncryptedDataGenerator(new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256)
                .setWithIntegrityPacket(true)
                .setSecureRandom(new SecureRandom()));
        generator.addMethod(method);
        var bytes = new ByteArrayOutputStream();
        try (var sealed = generator.open(bytes, new byte[4096]);
                var literal = new PGPLiteralDataGenerator()
                        .open(sealed, PGPLiteralData.BINARY, PGPLiteralData.CONSOLE, clear.length, new Date())) {
            literal.write(clear);
        } catch (IOException | PGPException e) {
            throw new Unopened("cannot be encrypted", e);
        }
        return bytes.toByteArray();
    }

    /** The newest subkey that is for encrypting, not revoked and not over; GnuPG takes the same. */
    private static PGPPublicKey encryptionKey(byte[] exported) throws Unopened {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(exported))) {
            if (!(new BcPGPObjectFactory(in).nextObject() instanceof PGPPublicKeyRing ring)) {
                throw new Unopened(
                        "is for a recipient whose file holds no public key; write it with gpg --export", null);
            }
            PGPPublicKey best = null;
            for (var key : ring) {
                boolean over = key.getValidSeconds() > 0
                        && key.getCreationTime().getTime() + key.getValidSeconds() * 1000 < System.currentTimeMillis();
                if (key.isEncryptionKey()
                        && !key.hasRevocation()
                        && !over
                        && (best == null
                                || best.isMasterKey()
                                || key.getCreationTime().after(best.getCreationTime()))) {
                    best = key;
                }
            }
            return Optional.ofNullable(best)
                    .orElseThrow(() -> new Unopened("is for a recipient without a valid encryption key", null));
        } catch (IOException e) {
            throw new Unopened("is for a recipient whose key cannot be read", e);
        }
    }

    /**
     * Opens what was encrypted for a passphrase, or for one of the secret keys.
     *
     * @param secretKeys what {@code gpg --export-secret-keys} wrote; the passphrase then is the key's
     */
    public static byte[] decrypt(byte[] file, char[] passphrase, Optional<byte[]> secretKeys) throws Unopened {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(file))) {
            var objects = new BcPGPObjectFactory(in);
            var first = objects.nextObject();
            if (!((first instanceof PGPEncryptedDataList ? first : objects.nextObject())
                    instanceof PGPEncryptedDataList all)) {
                throw new Unopened("is not encrypted by OpenPGP", null);
            }
            for (PGPEncryptedData data : all) {
                if (!data.isIntegrityProtected()) {
                    throw new Unopened("is encrypted without integrity protection; encrypt it anew", null);
                }
                switch (data) {
                    case PGPPBEEncryptedData byPassphrase
                    when secretKeys.isEmpty() -> {
                        return verified(
                                data,
                                byPassphrase.getDataStream(new BcPBEDataDecryptorFactory(
                                        passphrase, new BcPGPDigestCalculatorProvider())));
                    }
                    case PGPPublicKeyEncryptedData byKey
                    when secretKeys.isPresent() -> {
                        var key = key(secretKeys.get(), byKey.getKeyIdentifier().getKeyId(), passphrase);
                        if (key.isPresent()) {
                            return verified(data, byKey.getDataStream(key.get()));
                        }
                    }
                    default -> {}
                }
            }
            throw new Unopened(
                    secretKeys.isPresent() ? "is for none of these keys" : "is for a key: name its file with --key",
                    null);
        } catch (IOException | PGPException e) {
            throw new Unopened("does not open: the passphrase is another one, or the file was changed", e);
        }
    }

    private static Optional<PublicKeyDataDecryptorFactory> key(byte[] exported, long id, char[] passphrase)
            throws IOException, PGPException {
        PGPSecretKeyRingCollection keys =
                new BcPGPSecretKeyRingCollection(PGPUtil.getDecoderStream(new ByteArrayInputStream(exported)));
        PGPSecretKey key = keys.getSecretKey(id);
        return key == null
                ? Optional.empty()
                : Optional.of(new BcPublicKeyDataDecryptorFactory(new PGPKeyPair(
                        key.getPublicKey(),
                        key.extractPrivateKey(new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                                .build(passphrase)))));
    }

    private static byte[] verified(PGPEncryptedData data, java.io.InputStream stream)
            throws IOException, PGPException, Unopened {
        var objects = new BcPGPObjectFactory(stream);
        var object = objects.nextObject();
        while (object instanceof PGPCompressedData compressed) {
            object = new BcPGPObjectFactory(compressed.getDataStream()).nextObject();
        }
        if (!(object instanceof PGPLiteralData literal)) {
            throw new Unopened("holds no file", null);
        }
        var clear = literal.getInputStream().readAllBytes();
        // To the end, where the digest over everything stands.
        stream.readAllBytes();
        if (!data.verify()) {
            throw new Unopened("was changed after it was encrypted", null);
        }
        return clear;
    }
}
