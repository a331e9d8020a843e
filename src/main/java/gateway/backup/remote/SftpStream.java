package gateway.backup.remote;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A file that is read over SFTP (draft-ietf-secsh-filexfer-02) as a stream; OpenSSH's own program writes into files
 * alone. Some pieces are asked for ahead, so that a far server is read about as fast as a near one.
 */
final class SftpStream {
    private static final int INIT = 1;
    private static final int VERSION = 2;
    private static final int OPEN = 3;
    private static final int READ = 5;
    private static final int STATUS = 101;
    private static final int HANDLE = 102;
    private static final int DATA = 103;
    private static final int PROTOCOL = 3;
    private static final int FOR_READING = 1;
    private static final int END_OF_FILE = 1;
    private static final int PIECE = 32 << 10;
    private static final int MAX_AHEAD = 32;
    private static final int MAX_PACKET = 256 << 10;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Integer, Packet> early = new HashMap<>();
    private int lastId;

    /**
     * @param in  what the server says
     * @param out what the server hears
     */
    SftpStream(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, MAX_PACKET));
        this.out = new DataOutputStream(new BufferedOutputStream(out, MAX_PACKET));
    }

    /** The server ended the stream, or refused what it was asked for. */
    static final class Broken extends RuntimeException {
        Broken(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    private record Packet(int type, ByteBuffer body) {
        byte[] text() {
            int length = body.getInt();
            if (length < 0 || length > body.remaining()) {
                throw new Broken("the server answers with a length that cannot be", null);
            }
            var text = new byte[length];
            body.get(text);
            return text;
        }
    }

    private record Asked(int id, long at) {}

    /**
     * Reads a file from its beginning.
     *
     * @throws IOException when {@code into} does not take what comes
     * @throws Broken when the server does not give the file to its end
     */
    void copy(String path, long most, OutputStream into) throws IOException {
        try {
            pieces(path, most, into);
        } catch (BufferUnderflowException e) {
            throw new Broken("the server answers with less than an answer has", e);
        }
    }

    private void pieces(String path, long most, OutputStream into) throws IOException {
        greet();
        var handle = open(path);
        var under = new ArrayDeque<Asked>();
        long at = 0;
        long next = 0;
        while (at <= most) {
            while (under.size() < MAX_AHEAD && next <= most) {
                under.add(new Asked(read(handle, next), next));
                next += PIECE;
            }
            flush();
            var reply = reply(under.removeFirst().id());
            if (reply.type == STATUS) {
                ended(reply);
                return;
            }
            if (reply.type != DATA) {
                throw new Broken("the server answers something else than was asked", null);
            }
            var piece = reply.text();
            if (piece.length == 0 || piece.length > PIECE) {
                throw new Broken("the server gives no piece of the length that was asked for", null);
            }
            into.write(piece, 0, (int) Math.min(piece.length, most + 1 - at));
            at += piece.length;
            if (piece.length < PIECE) {
                // What was asked for behind the gap is asked for anew.
                under.forEach(late -> reply(late.id()));
                under.clear();
                next = at;
            }
        }
    }

    private void greet() {
        try {
            out.writeInt(1 + Integer.BYTES);
            out.writeByte(INIT);
            out.writeInt(PROTOCOL);
        } catch (IOException e) {
            throw broken(e);
        }
        flush();
        if (packet().type != VERSION) {
            throw new Broken("the server does not speak SFTP", null);
        }
    }

    private byte[] open(String path) {
        var name = path.getBytes(StandardCharsets.UTF_8);
        int id = send(
                OPEN,
                ByteBuffer.allocate(name.length + 3 * Integer.BYTES)
                        .putInt(name.length)
                        .put(name)
                        .putInt(FOR_READING)
                        .putInt(0));
        flush();
        var reply = reply(id);
        if (reply.type != HANDLE) {
            throw new Broken(reply.type == STATUS ? words(reply) : "the server does not open the file", null);
        }
        return reply.text();
    }

    private int read(byte[] handle, long at) {
        return send(
                READ,
                ByteBuffer.allocate(handle.length + 2 * Integer.BYTES + Long.BYTES)
                        .putInt(handle.length)
                        .put(handle)
                        .putLong(at)
                        .putInt(PIECE));
    }

    private static void ended(Packet status) {
        if (status.body.duplicate().getInt() != END_OF_FILE) {
            throw new Broken(words(status), null);
        }
    }

    /** What a status says: its number, and the server's words. */
    private static String words(Packet status) {
        int code = status.body.getInt();
        return status.body.hasRemaining()
                ? new String(status.text(), StandardCharsets.UTF_8)
                : "the server answers with status " + code;
    }

    private int send(int type, ByteBuffer body) {
        try {
            var bytes = new byte[body.flip().remaining()];
            body.get(bytes);
            out.writeInt(1 + Integer.BYTES + bytes.length);
            out.writeByte(type);
            out.writeInt(++lastId);
            out.write(bytes);
            return lastId;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The answer to a request; answers to other requests wait for their turn. */
    private Packet reply(int id) {
        var known = early.remove(id);
        while (known == null) {
            var packet = packet();
            int told = packet.body.getInt();
            if (told == id) {
                known = packet;
            } else if (early.size() >= MAX_AHEAD) {
                throw new Broken("the server answers what nobody asked", null);
            } else {
                early.put(told, packet);
            }
        }
        return known;
    }

    private Packet packet() {
        try {
            int length = in.readInt();
            if (length < 1 + Integer.BYTES || length > MAX_PACKET) {
                throw new Broken("the server does not speak SFTP", null);
            }
            int type = in.readUnsignedByte();
            var body = new byte[length - 1];
            in.readFully(body);
            return new Packet(type, ByteBuffer.wrap(body));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static Broken broken(IOException e) {
        return new Broken("the connection ended before the file did", e);
    }
}
