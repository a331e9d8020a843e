package gateway.twin.web;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import com.github.auties00.curve25519.Curve25519;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The primitives that servers and phones need: the JDK's, Bouncy Castle's X25519, and XEdDSA from an MIT library. */
final class Crypto {
    static final SecureRandom RANDOM = new SecureRandom();

    private Crypto() {}

    /** An X25519 pair; both halves are 32 raw bytes. */
    record Pair(byte[] secret, byte[] open) {
        static Pair fresh() {
            var secret = random(32);
            secret[0] &= (byte) 248;
            secret[31] &= 127;
            secret[31] |= 64;
            var open = new byte[32];
            X25519.scalarMultBase(secret, 0, open, 0);
            return new Pair(secret, open);
        }
    }

    static byte[] random(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        var all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (var part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** A public key as Signal's messages hold it: type byte 05 and 32 bytes. */
    static byte[] typed(byte[] open) {
        return open.length == 33 ? open : join(new byte[] {5}, open);
    }

    static byte[] agree(byte[] secret, byte[] open) {
        var shared = new byte[32];
        X25519.scalarMult(secret, 0, open, open.length - 32, shared, 0);
        return shared;
    }

    static byte[] sign(byte[] secret, byte[] message) {
        return Curve25519.sign(secret, message);
    }

    static boolean verifies(byte[] open, byte[] message, byte[] signature) {
        return Curve25519.verifySignature(open, message, signature);
    }

    static byte[] sha256(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** HKDF with SHA-256 (RFC 5869). */
    static byte[] hkdf(byte[] salt, byte[] input, String info, int length) {
        var key = hmac(salt, input);
        var label = info.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var out = new byte[0];
        var block = new byte[0];
        for (int i = 1; out.length < length; i++) {
            block = hmac(key, block, label, new byte[] {(byte) i});
            out = join(out, block);
        }
        return Arrays.copyOf(out, length);
    }

    static byte[] gcm(boolean seal, byte[] key, byte[] iv, byte[] input, byte[] associated)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                seal ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, iv));
        cipher.updateAAD(associated);
        return cipher.doFinal(input);
    }

    static byte[] cbc(boolean seal, byte[] key, byte[] iv, byte[] input) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                seal ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new IvParameterSpec(iv));
        return cipher.doFinal(input);
    }

    static byte[] ctr(byte[] key, byte[] iv, byte[] input) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        return cipher.doFinal(input);
    }

    /** The key that a pairing code of eight characters gives (dossier web-1 §4.3). */
    static byte[] codeKey(String code, byte[] salt) throws GeneralSecurityException {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(code.toCharArray(), salt, 131_072, 256))
                .getEncoded();
    }
}
