package gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

import gateway.budget.Share;
import gateway.budget.SlowReaders;
import gateway.digest.Sha256;

/**
 * A reply's body as it is written: pieces of some kilobytes instead of one array that grows by copying. The pieces of a
 * large reply are taken from the request's share, and its reader has to keep a pace.
 */
final class Pieces extends OutputStream {
    /** Up to here the pieces are sent as one: a copy costs less than a system call for each. */
    private static final int MAX_JOINED = 64 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private byte[] first = NOTHING;
    private List<byte[]> more = List.of();
    private long size;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        if (count == 0) {
            return;
        }
        size += count;
        var piece = Arrays.copyOfRange(bytes, from, from + count);
        if (first.length == 0) {
            first = piece;
            return;
        }
        Share.current().take(count);
        if (more.isEmpty()) {
            more = new ArrayList<>();
        }
        more.add(piece);
    }

    /** Whether the body is short enough to be sent as one. */
    boolean isShort() {
        return size <= MAX_JOINED;
    }

    /** The tag of the body as it is now. */
    String tag() {
        var digest = Sha256.start();
        digest.update(first);
        more.forEach(digest::update);
        return EntityTag.of(digest);
    }

    /** Sends the body and ends the exchange. */
    void send(ServerResponse response) {
        Share.current().built();
        if (isShort()) {
            response.send(joined());
            return;
        }
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(size));
        try (var out = SlowReaders.paced(response.outputStream(), size)) {
            out.write(first);
            for (var piece : more) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body as one array. A copy of several pieces is taken from the request's share. */
    byte[] joined() {
        if (more.isEmpty()) {
            return first;
        }
        Share.current().take(size);
        var all = Arrays.copyOf(first, (int) size);
        int at = first.length;
        for (var piece : more) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
