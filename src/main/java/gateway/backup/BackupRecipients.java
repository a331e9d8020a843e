package gateway.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.jcajce.JcePGPDataEncryptorBuilder;

import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/**
 * Those who can open a backup: public keys as {@code gpg --export} writes them. What is encrypted to them is AES-256
 * with integrity protection (RFC 4880 §5.13), which every OpenPGP program reads.
 */
public final class BackupRecipients {
    /** How far a key may seem to come from the future before the clock is in doubt. */
    private static final int MAX_AHEAD_HOURS = 24;

    private static final int MAX_BYTES = 4 << 20;
    private static final int CHUNK = 1 << 16;

    private final List<PGPPublicKey> keys;

    private BackupRecipients(List<PGPPublicKey> keys) {
        this.keys = keys;
    }

    /**
     * Reads the files; a file may hold several keys, and each of them must be valid.
     *
     * @throws ExplainedFault when there is no key, or one cannot be encrypted to at this time
     */
    public static BackupRecipients of(List<Path> files, Instant now) {
        if (files.isEmpty()) {
            throw new ExplainedFault(
                    "A backup needs a recipient who can open it. Name a file that gpg --export --armor wrote"
                            + " with --recipient or WHATSAPP_BACKUP_RECIPIENTS.");
        }
        var keys = new ArrayList<PGPPublicKey>();
        for (var file : files) {
            var rings = rings(file);
            if (rings.isEmpty()) {
                throw refused(file, "holds no public key; write it with gpg --export --armor");
            }
            rings.forEach(ring -> keys.add(encryptionKey(file, ring, now)));
        }
        return new BackupRecipients(keys);
    }

    /** The fingerprints of the keys: a backup for the same ones has the same text. */
    String fingerprints() {
        return keys.stream()
                .map(key -> HexFormat.of().formatHex(key.getFingerprint()))
                .sorted()
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static List<PGPPublicKeyRing> rings(Path file) {
        var rings = new ArrayList<PGPPublicKeyRing>();
        try (var content = Files.newInputStream(file)) {
            var bytes = content.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw refused(file, "is larger than " + (MAX_BYTES >> 20) + " MiB, as no file of public keys is");
            }
            var objects = new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes)));
            for (var object = objects.nextObject(); object != null; object = objects.nextObject()) {
                if (object instanceof PGPSecretKeyRing) {
                    throw refused(
                            file,
                            "holds a secret key, which must not be on this machine; write it with gpg --export --armor");
                }
                if (object instanceof PGPPublicKeyRing ring) {
                    rings.add(ring);
                }
            }
            return rings;
        } catch (IOException e) {
            if (Files.isReadable(file) && Files.isRegularFile(file)) {
                throw refused(file, "holds no public key; write it with gpg --export --armor");
            }
            throw DiskTrouble.fault("The recipient's file " + file + " cannot be read", e, file);
        }
    }

    /** The newest valid key of the ring that is for encrypting; GnuPG takes the same. */
    private static PGPPublicKey encryptionKey(Path file, PGPPublicKeyRing ring, Instant now) {
        var master = ring.getPublicKey();
        if (master.hasRevocation()) {
            throw refused(file, "holds a key that was revoked, " + name(master));
        }
        if (isOver(master, now)) {
            throw refused(
                    file,
                    "holds a key that has expired, " + name(master)
                            + "; export it again when its owner has prolonged it");
        }
        if (master.getCreationTime().toInstant().isAfter(now.plus(MAX_AHEAD_HOURS, ChronoUnit.HOURS))) {
            throw refused(file, "holds a key from the future, " + name(master) + "; look at this machine's clock");
        }
        var able = StreamSupport.stream(ring.spliterator(), false)
                .filter(key -> key.isEncryptionKey() && !key.hasRevocation() && isBound(key, master))
                .toList();
        var best = Optional.<PGPPublicKey>empty();
        for (var key : able) {
            if (!isOver(key, now)
                    && best.filter(other -> !other.isMasterKey()
                                    && !key.getCreationTime().after(other.getCreationTime()))
                            .isEmpty()) {
                best = Optional.of(key);
            }
        }
        return best.orElseThrow(() -> refused(
                file,
                (able.isEmpty()
                                ? "holds a key that nothing can be encrypted to, "
                                : "holds a key whose part for encrypting has expired, ")
                        + name(master)));
    }

    private static boolean isOver(PGPPublicKey key, Instant now) {
        return key.getValidSeconds() > 0
                && key.getCreationTime()
                        .toInstant()
                        .plusSeconds(key.getValidSeconds())
                        .isBefore(now);
    }

    /** Whether the owner's signature says that the key is the owner's, and for encrypting. */
    private static boolean isBound(PGPPublicKey key, PGPPublicKey master) {
        var signatures = key.isMasterKey() ? key.getSignatures() : key.getSignaturesOfType(PGPSignature.SUBKEY_BINDING);
        boolean bound = key.isMasterKey();
        int flags = 0;
        while (signatures.hasNext()) {
            var signature = signatures.next();
            if (signature.getKeyID() != master.getKeyID() || !key.isMasterKey() && !isGood(signature, master, key)) {
                continue;
            }
            bound = true;
            flags |= signature.hasSubpackets() ? signature.getHashedSubPackets().getKeyFlags() : 0;
        }
        return bound && (flags == 0 || (flags & (KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE)) != 0);
    }

    private static boolean isGood(PGPSignature signature, PGPPublicKey master, PGPPublicKey key) {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), master);
            return signature.verifyCertification(master, key);
        } catch (PGPException e) {
            return false;
        }
    }

    private static ExplainedFault refused(Path file, String why) {
        return new ExplainedFault("The recipient's file " + file + " " + why + ".");
    }

    private static String name(PGPPublicKey key) {
        return HexFormat.of().formatHex(key.getFingerprint()).toUpperCase(Locale.ROOT);
    }

    /** What is written into the stream is encrypted on its way; closing it writes the end and closes the other one. */
    OutputStream sealing(OutputStream out) throws IOException {
        try {
            var generator = new PGPEncryptedDataGenerator(
                    // The JDK's own AES and SHA-1 take a third of the time of Bouncy Castle's.
                    new JcePGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256).setWithIntegrityPacket(true));
            keys.forEach(key -> generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(key)));
            var sealed = generator.open(out, new byte[CHUNK]);
            var literal = new PGPLiteralDataGenerator()
                    .open(sealed, PGPLiteralData.BINARY, "backup.tar.zst", new Date(), new byte[CHUNK]);
            return new Closing(literal, sealed, out);
        } catch (PGPException e) {
            throw new IllegalStateException("The OpenPGP library cannot encrypt", e);
        }
    }

    /** Closes the inner streams in their order, each once. */
    private static final class Closing extends OutputStream {
        private final OutputStream literal;
        private final OutputStream sealed;
        private final OutputStream out;

        Closing(OutputStream literal, OutputStream sealed, OutputStream out) {
            this.literal = literal;
            this.sealed = sealed;
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            literal.write(one);
        }

        @Override
        public void write(byte[] from, int at, int length) throws IOException {
            literal.write(from, at, length);
        }

        @Override
        public void close() throws IOException {
            literal.close();
            sealed.close();
            out.close();
        }
    }
}
