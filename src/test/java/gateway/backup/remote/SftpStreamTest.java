package gateway.backup.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** A server of SFTP that answers as the protocol allows, and one that does not. */
class SftpStreamTest {
    private static final int PIECE = 32 << 10;

    private final byte[] file = new byte[3 * PIECE + 17];
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final DataOutputStream server = new DataOutputStream(said);

    SftpStreamTest() throws IOException {
        new Random(5).nextBytes(file);
        packet(2, 3, new byte[0]);
        packet(102, 1, text(new byte[] {9}));
    }

    private static byte[] text(byte[] bytes) throws IOException {
        var text = new ByteArrayOutputStream();
        var out = new DataOutputStream(text);
        out.writeInt(bytes.length);
        out.write(bytes);
        return text.toByteArray();
    }

    private void packet(int type, int id, byte[] body) throws IOException {
        server.writeInt(1 + Integer.BYTES + body.length);
        server.writeByte(type);
        server.writeInt(id);
        server.write(body);
    }

    private void data(int id, int from, int to) throws IOException {
        packet(103, id, text(Arrays.copyOfRange(file, from, to)));
    }

    /** The end of the file, in answer to each of these requests. */
    private void end(int from, int to) throws IOException {
        for (int id = from; id <= to; id++) {
            packet(101, id, new byte[] {0, 0, 0, 1});
        }
    }

    private byte[] read() throws IOException {
        var into = new ByteArrayOutputStream();
        new SftpStream(new ByteArrayInputStream(said.toByteArray()), OutputStream.nullOutputStream())
                .copy("/file", file.length, into);
        return into.toByteArray();
    }

    private void breaks() {
        assertThrows(SftpStream.Broken.class, this::read);
    }

    @Test
    void answersInAnotherOrderComeInOrder() throws IOException {
        data(3, PIECE, 2 * PIECE);
        data(2, 0, PIECE);
        data(5, 3 * PIECE, file.length);
        data(4, 2 * PIECE, 3 * PIECE);
        end(6, 6);
        assertArrayEquals(file, read());
    }

    /** A server may give less than was asked for in the middle of a file. */
    @Test
    void whatAShortAnswerLeavesOutIsAskedForAnew() throws IOException {
        data(2, 0, 100);
        data(3, PIECE, 2 * PIECE);
        data(4, 2 * PIECE, 3 * PIECE);
        data(5, 3 * PIECE, file.length);
        data(6, 100, 100 + PIECE);
        data(7, 100 + PIECE, 100 + 2 * PIECE);
        data(8, 100 + 2 * PIECE, file.length);
        end(9, 12);
        assertArrayEquals(file, read());
    }

    @Test
    void aServerThatEndsInTheMiddleIsNoWholeFile() throws IOException {
        data(2, 0, PIECE);
        breaks();
    }

    @Test
    void aPieceOfNothingOrOfTooMuchIsRefused() throws IOException {
        packet(103, 2, text(new byte[0]));
        breaks();
    }

    @Test
    void aLengthThatCannotBeIsRefused() throws IOException {
        packet(103, 2, new byte[] {127, -1, -1, -1});
        breaks();
    }

    @Test
    void anAnswerWithoutItsPartsIsRefused() throws IOException {
        packet(103, 2, new byte[] {1});
        breaks();
    }

    @Test
    void aStatusWithoutItsNumberIsRefused() throws IOException {
        packet(101, 2, new byte[] {0, 0, 0});
        breaks();
    }

    @Test
    void aPacketLargerThanAnyIsNotReadIntoMemory() throws IOException {
        server.writeInt(Integer.MAX_VALUE);
        breaks();
    }

    @Test
    void answersThatNobodyAskedForAreNotKeptWithoutEnd() throws IOException {
        for (int id = 100; id < 200; id++) {
            data(id, 0, PIECE);
        }
        breaks();
    }
}
