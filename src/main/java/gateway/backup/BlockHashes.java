package gateway.backup;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

import gateway.digest.Sha256;

/**
 * The SHA-256 of each block of 4096 bytes of a file, which goes by as a stream. Zeros fill the last block. Blocks that
 * differ from an earlier state go on to another stream as records: the block's number in four bytes, then its bytes.
 */
final class BlockHashes extends OutputStream {
    static final int BLOCK = 4096;
    static final int HASH = 32;
    /** The size of one record. */
    static final int RECORD = Integer.BYTES + BLOCK;

    private final byte[] before;
    private final DataOutputStream changed;
    private final MessageDigest digest = Sha256.start();
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private final byte[] block = new byte[BLOCK];
    private int filled;
    private int number;

    /**
     * @param before  the hashes of an earlier state, one behind the other
     * @param changed takes the records of blocks that are not as they were
     */
    BlockHashes(byte[] before, OutputStream changed) {
        this.before = before;
        this.changed = new DataOutputStream(changed);
    }

    /** Hashes alone. */
    BlockHashes() {
        this(new byte[0], OutputStream.nullOutputStream());
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int at, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(BLOCK - filled, length - done);
            System.arraycopy(from, at + done, block, filled, part);
            filled += part;
            done += part;
            if (filled == BLOCK) {
                complete();
            }
        }
    }

    private void complete() throws IOException {
        var hash = digest.digest(block);
        long at = (long) number * HASH;
        if (at + HASH > before.length || !Arrays.equals(before, (int) at, (int) at + HASH, hash, 0, HASH)) {
            changed.writeInt(number);
            changed.write(block);
        }
        hashes.write(hash);
        number++;
        filled = 0;
    }

    /** All hashes, one behind the other; to be asked once, behind the last byte. */
    byte[] all() throws IOException {
        if (filled > 0) {
            Arrays.fill(block, filled, BLOCK, (byte) 0);
            complete();
        }
        return hashes.toByteArray();
    }
}
