package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.Arrays;

/** An ImageMessage and the encrypted file that it tells of, as a phone makes and reads them (dossier web-2 §5.1). */
final class Picture {
    private static final byte[] ZEROS = new byte[32];
    private static final int MAC_BYTES = 10;

    private Picture() {}

    private static byte[] keys(byte[] mediaKey) {
        return Crypto.hkdf(ZEROS, mediaKey, "WhatsApp Image Keys", 112);
    }

    private static byte[] mac(byte[] keys, byte[] sealed) {
        return Arrays.copyOf(Crypto.hmac(Arrays.copyOfRange(keys, 48, 80), Arrays.copyOf(keys, 16), sealed), MAC_BYTES);
    }

    /** Encrypts and uploads a file; the ImageMessage. */
    static Fields send(byte[] file, MediaServer media) throws GeneralSecurityException {
        var key = Crypto.random(32);
        var keys = keys(key);
        var sealed = Crypto.cbc(true, Arrays.copyOfRange(keys, 16, 48), Arrays.copyOf(keys, 16), file);
        var upload = Crypto.join(sealed, mac(keys, sealed));
        var direct = media.keep(upload);
        return new Fields()
                .put(1, "https://media.twin.invalid" + direct)
                .put(2, "image/jpeg")
                .put(4, Crypto.sha256(file))
                .put(5, file.length)
                .put(8, key)
                .put(9, Crypto.sha256(upload))
                .put(11, direct);
    }

    /** Downloads and opens the file of an ImageMessage. */
    static byte[] read(Fields image, MediaServer media) throws GeneralSecurityException {
        var upload = media.find(image.text(11));
        var keys = keys(image.bytes(8));
        var sealed = Arrays.copyOf(upload, upload.length - MAC_BYTES);
        if (!Arrays.equals(Crypto.sha256(upload), image.bytes(9))) {
            throw new GeneralSecurityException("the upload's hash is another");
        }
        if (!Arrays.equals(mac(keys, sealed), Arrays.copyOfRange(upload, sealed.length, upload.length))) {
            throw new GeneralSecurityException("the upload's MAC is wrong");
        }
        var file = Crypto.cbc(false, Arrays.copyOfRange(keys, 16, 48), Arrays.copyOf(keys, 16), sealed);
        if (!Arrays.equals(Crypto.sha256(file), image.bytes(4)) || file.length != image.number(5)) {
            throw new GeneralSecurityException("the file's hash or length is another");
        }
        return file;
    }
}
