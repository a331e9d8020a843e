package gateway.engine.web.media;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;

import gateway.digest.Sha256;
import gateway.engine.web.primitive.AesCbc;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The encryption of files: an upload is {@code AES-256-CBC ‖ HMAC-SHA256(macKey, iv ‖ ciphertext)[0..10)}. Memory
 * use does not grow with the file.
 */
public final class MediaCipher {
    /** The length of the MAC at the upload's end, in bytes. */
    public static final int MAC_BYTES = 10;
    /** What an upload is longer than its file by, at most: padding and MAC, in bytes. */
    public static final int MAX_OVERHEAD_BYTES = AesCbc.BLOCK_BYTES + MAC_BYTES;

    private static final int CHUNK_BYTES = 65_536;

    private MediaCipher() {}

    /**
     * What a message says of its file.
     *
     * @param fileLength    the length of the file, in bytes
     * @param fileSha256    the hash of the file
     * @param fileEncSha256 the hash of the whole upload, MAC included
     * @param sidecar       the streaming sidecar, which only films and sounds need
     */
    public record Sealed(long fileLength, byte[] fileSha256, byte[] fileEncSha256, byte[] sidecar) {}

    /**
     * What a file is checked against.
     *
     * @param fileSha256    the hash of the file, when the message has it
     * @param fileEncSha256 the hash of the whole upload, when the message has it
     * @param maxBytes      the longest file that is taken, in bytes
     */
    public record Expected(Optional<byte[]> fileSha256, Optional<byte[]> fileEncSha256, long maxBytes) {}

    /** Encrypts a file. Closes neither stream. */
    public static Sealed encrypt(InputStream file, OutputStream upload, MediaKeys keys) throws IOException {
        MessageDigest plainHash = Sha256.start();
        MessageDigest uploadHash = Sha256.start();
        Mac mac = Hmac.running(keys.mac());
        Sidecar sidecar = new Sidecar(keys.mac());
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys);
        mac.update(keys.iv());
        long length = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = file.readNBytes(chunk, 0, CHUNK_BYTES); ; read = file.readNBytes(chunk, 0, CHUNK_BYTES)) {
            plainHash.update(chunk, 0, read);
            length += read;
            byte[] encrypted = read == CHUNK_BYTES ? cipher.update(chunk, 0, read) : last(cipher, chunk, read);
            mac.update(encrypted);
            write(upload, uploadHash, sidecar, encrypted);
            if (read < CHUNK_BYTES) {
                break;
            }
        }
        write(upload, uploadHash, sidecar, Arrays.copyOf(mac.doFinal(), MAC_BYTES));
        return new Sealed(length, plainHash.digest(), uploadHash.digest(), sidecar.finish());
    }

    /**
     * Decrypts an upload and checks its MAC and hashes. What was written must be thrown away when a refusal comes,
     * because the checks end with the stream. Closes neither stream. Returns the length of the file.
     *
     * @throws WireRefusal ({@code BAD_MAC}, {@code BAD_HASH}, {@code OVERSIZED}, {@code MALFORMED})
     */
    public static long decrypt(InputStream upload, OutputStream file, MediaKeys keys, Expected expected)
            throws IOException, WireRefusal {
        MessageDigest plainHash = Sha256.start();
        MessageDigest uploadHash = Sha256.start();
        Mac mac = Hmac.running(keys.mac());
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, keys);
        mac.update(keys.iv());
        byte[] buffer = new byte[MAC_BYTES + CHUNK_BYTES];
        int held = 0;
        long length = 0;
        long received = 0;
        for (int read; (read = upload.readNBytes(buffer, held, CHUNK_BYTES)) > 0; ) {
            received += read;
            if (received - MAX_OVERHEAD_BYTES > expected.maxBytes()) {
                throw new WireRefusal(Reason.OVERSIZED, "the file is longer than " + expected.maxBytes() + " bytes");
            }
            uploadHash.update(buffer, held, read);
            int ready = Math.max(held + read - MAC_BYTES, 0);
            mac.update(buffer, 0, ready);
            length += write(file, plainHash, cipher.update(buffer, 0, ready));
            System.arraycopy(buffer, ready, buffer, 0, held + read - ready);
            held = held + read - ready;
        }
        if (held < MAC_BYTES || received < MAC_BYTES + AesCbc.BLOCK_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the upload is shorter than a block and its MAC");
        }
        check(
                Hmac.equal(Arrays.copyOf(buffer, MAC_BYTES), Arrays.copyOf(mac.doFinal(), MAC_BYTES)),
                Reason.BAD_MAC,
                "the upload's MAC does not match");
        checkHash(expected.fileEncSha256(), uploadHash, "the upload's hash is not the one of the message");
        length += write(file, plainHash, last(cipher));
        if (length > expected.maxBytes()) {
            throw new WireRefusal(Reason.OVERSIZED, "the file is longer than " + expected.maxBytes() + " bytes");
        }
        checkHash(expected.fileSha256(), plainHash, "the file's hash is not the one of the message");
        return length;
    }

    /** Encrypts a small file in memory. */
    public static byte[] encrypt(byte[] file, MediaKeys keys) {
        ByteArrayOutputStream upload = new ByteArrayOutputStream(file.length + MAX_OVERHEAD_BYTES);
        try {
            encrypt(new ByteArrayInputStream(file), upload, keys);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return upload.toByteArray();
    }

    /**
     * Decrypts a small upload in memory; refuses as {@link #decrypt(InputStream, OutputStream, MediaKeys, Expected)}.
     */
    public static byte[] decrypt(byte[] upload, MediaKeys keys, Expected expected) throws WireRefusal {
        ByteArrayOutputStream file = new ByteArrayOutputStream(upload.length);
        try {
            decrypt(new ByteArrayInputStream(upload), file, keys, expected);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return file.toByteArray();
    }

    private static void check(boolean holds, Reason reason, String message) throws WireRefusal {
        if (!holds) {
            throw new WireRefusal(reason, message);
        }
    }

    private static void checkHash(Optional<byte[]> expected, MessageDigest computed, String message)
            throws WireRefusal {
        byte[] hash = computed.digest();
        check(expected.isEmpty() || MessageDigest.isEqual(expected.get(), hash), Reason.BAD_HASH, message);
    }

    private static void write(OutputStream upload, MessageDigest hash, Sidecar sidecar, byte[] part)
            throws IOException {
        hash.update(part);
        sidecar.update(part, 0, part.length);
        upload.write(part);
    }

    private static int write(OutputStream file, MessageDigest hash, byte[] part) throws IOException {
        if (part == null) { // the cipher has held back what is not yet a block
            return 0;
        }
        hash.update(part);
        file.write(part);
        return part.length;
    }

    private static byte[] last(Cipher cipher) throws WireRefusal {
        try {
            return cipher.doFinal();
        } catch (GeneralSecurityException _) {
            throw new WireRefusal(Reason.MALFORMED, "the upload has no whole blocks or bad padding");
        }
    }

    private static byte[] last(Cipher cipher, byte[] chunk, int length) {
        try {
            return cipher.doFinal(chunk, 0, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-CBC", e);
        }
    }

    /** The cipher that opens an upload without its MAC. */
    static Cipher opening(MediaKeys keys) {
        return cipher(Cipher.DECRYPT_MODE, keys);
    }

    private static Cipher cipher(int mode, MediaKeys keys) {
        try {
            return AesCbc.cipher(mode, keys.cipher(), keys.iv());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused AES-CBC", e);
        }
    }
}
