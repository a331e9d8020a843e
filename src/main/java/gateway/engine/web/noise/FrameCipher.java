package gateway.engine.web.noise;

import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.WireRefusal;

/**
 * The two ciphers of a connection after the handshake, each with its own key and counter. A frame that is lost,
 * repeated or out of order does not open. Sealing and opening may each be used by one thread at a time.
 */
public final class FrameCipher {
    private static final byte[] NOTHING = new byte[0];
    private static final int LAST_COUNTER = -1;

    private final byte[] writeKey;
    private final byte[] readKey;
    private int written;
    private int read;

    /** The cipher of keys of 32 bytes: of what this side writes, and of what it reads. */
    FrameCipher(byte[] writeKey, byte[] readKey) {
        this.writeKey = writeKey;
        this.readKey = readKey;
    }

    /**
     * Encrypts a frame's plain text.
     *
     * @throws IllegalStateException after 2^32 − 1 frames: a counter is never used twice
     */
    public byte[] seal(byte[] plain) {
        return AesGcm.encrypt(writeKey, NoiseState.vector(next(written++)), plain, NOTHING);
    }

    /**
     * Decrypts a frame.
     *
     * @throws WireRefusal for a frame that is not the next one of the other side; the connection is of no further use
     */
    public byte[] open(byte[] sealed) throws WireRefusal {
        return AesGcm.decrypt(readKey, NoiseState.vector(next(read++)), sealed, NOTHING);
    }

    private static int next(int counter) {
        if (counter == LAST_COUNTER) {
            throw new IllegalStateException("the frames of this connection are used up");
        }
        return counter;
    }

    byte[] writeKey() {
        return writeKey.clone();
    }

    byte[] readKey() {
        return readKey.clone();
    }
}
