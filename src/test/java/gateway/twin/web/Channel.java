package gateway.twin.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;

import gateway.twin.web.Crypto.Pair;

/**
 * The server's end of the Noise channel over one WebSocket: frames, handshake as responder, sealed elements (dossier
 * web-1 §1.2, §2).
 */
final class Channel implements AutoCloseable {
    private static final byte[] PATTERN = Arrays.copyOf("Noise_XX_25519_AESGCM_SHA256".getBytes(), 32);
    private static final byte[] INTRO = {'W', 'A', 6, 3};
    private static final byte[] NOTHING = new byte[0];

    private final WebSocketPeer socket;
    private final Faults faults;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private boolean introduced;
    private String routing = "";

    private byte[] hash = PATTERN;
    private byte[] chaining = PATTERN;
    private byte[] key = PATTERN;
    private int counter;
    private byte[] readKey;
    private byte[] writeKey;
    private int reads;
    private int writes;
    private byte[] held = NOTHING;
    private byte[] clientStatic;

    Channel(WebSocketPeer socket, Faults faults) {
        this.socket = socket;
        this.faults = faults;
    }

    /** The routing information of the client's first bytes in hexadecimal; empty when it gave none. */
    String routing() {
        return routing;
    }

    /** The client's Noise static key, once the handshake is over. */
    byte[] clientStatic() {
        return clientStatic;
    }

    /**
     * Runs the handshake.
     *
     * @return the client's payload
     */
    Fields handshake(ServerKeys keys) throws IOException, GeneralSecurityException {
        var hello = Fields.read(frame()).message(2);
        auth(INTRO);
        var theirs = hello.bytes(1);
        auth(theirs);
        var ephemeral = Pair.fresh();
        auth(ephemeral.open());
        mix(Crypto.agree(ephemeral.secret(), theirs));
        var sealedStatic = crypt(true, keys.leaf.open());
        mix(Crypto.agree(keys.leaf.secret(), theirs));
        var sealedChain = crypt(true, keys.chain(faults.text("certificate")));
        write(new Fields()
                .put(
                        3,
                        new Fields()
                                .put(1, ephemeral.open())
                                .put(2, sealedStatic)
                                .put(3, sealedChain))
                .bytes());

        var finish = Fields.read(frame()).message(4);
        clientStatic = crypt(false, finish.bytes(1));
        mix(Crypto.agree(ephemeral.secret(), clientStatic));
        var payload = Fields.read(crypt(false, finish.bytes(2)));
        var split = Crypto.hkdf(chaining, NOTHING, "", 64);
        readKey = Arrays.copyOf(split, 32);
        writeKey = Arrays.copyOfRange(split, 32, 64);
        return payload;
    }

    private void auth(byte[] data) {
        hash = Crypto.sha256(hash, data);
    }

    private void mix(byte[] shared) {
        var both = Crypto.hkdf(chaining, shared, "", 64);
        chaining = Arrays.copyOf(both, 32);
        key = Arrays.copyOfRange(both, 32, 64);
        counter = 0;
    }

    private byte[] crypt(boolean seal, byte[] input) throws GeneralSecurityException {
        var output = Crypto.gcm(seal, key, nonce(counter++), input, hash);
        auth(seal ? output : input);
        return output;
    }

    private static byte[] nonce(int count) {
        return ByteBuffer.allocate(12).putInt(8, count).array();
    }

    /** The next element from the client. */
    Stanza read() throws IOException, GeneralSecurityException {
        return StanzaCodec.decode(Crypto.gcm(false, readKey, nonce(reads++), frame(), NOTHING));
    }

    /** Seals an element and sends it; a fault may damage, split or join what is sent. */
    synchronized void send(Stanza stanza) throws IOException {
        sendPlain(StanzaCodec.encode(stanza));
    }

    /** Seals bytes that are meant as an element, as they are. */
    synchronized void sendPlain(byte[] plain) throws IOException {
        try {
            var sealed = Crypto.gcm(
                    true, writeKey, nonce(writes++), faults.on("compress") ? Broken.deflated(plain) : plain, NOTHING);
            if (faults.take("bad_mac")) {
                sealed[sealed.length - 1] ^= 1;
            }
            write(sealed);
            if (faults.take("replay")) {
                write(sealed);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(byte[] payload) throws IOException {
        var frame = Crypto.join(
                new byte[] {(byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length},
                payload);
        if (faults.take("cut")) {
            socket.send(Arrays.copyOf(frame, frame.length / 2));
            socket.close();
            return;
        }
        if (faults.take("merge_frames")) {
            held = Crypto.join(held, frame);
            return;
        }
        frame = Crypto.join(held, frame);
        held = NOTHING;
        if (faults.on("split_frames")) {
            for (var b : frame) {
                socket.send(new byte[] {b});
            }
        } else {
            socket.send(frame);
        }
    }

    private byte[] frame() throws IOException {
        while (frames.isEmpty()) {
            unread.writeBytes(socket.read());
            take();
        }
        return frames.removeFirst();
    }

    /** Cuts what came into frames; borders of messages mean nothing. */
    private void take() throws IOException {
        var bytes = ByteBuffer.wrap(unread.toByteArray());
        if (!introduced) {
            if (bytes.remaining() >= 4 && bytes.get(0) == 'E' && bytes.get(1) == 'D') {
                int length = bytes.remaining() < 7 ? Integer.MAX_VALUE : u24(bytes, 4);
                if (bytes.remaining() < 7L + length) {
                    return;
                }
                routing = HexFormat.of().formatHex(bytes.array(), 7, 7 + length);
                bytes.position(7 + length);
            }
            if (bytes.remaining() < 4) {
                return;
            }
            var intro = new byte[4];
            bytes.get(intro);
            if (!Arrays.equals(intro, INTRO)) {
                throw new IOException("the client began with something else than WA 6 3");
            }
            introduced = true;
        }
        while (bytes.remaining() >= 3 && bytes.remaining() >= 3 + u24(bytes, bytes.position())) {
            var frame = new byte[u24(bytes, bytes.position())];
            bytes.position(bytes.position() + 3);
            bytes.get(frame);
            frames.add(frame);
        }
        var rest = new byte[bytes.remaining()];
        bytes.get(rest);
        unread.reset();
        unread.writeBytes(rest);
    }

    private static int u24(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xFF) << 16 | (bytes.get(at + 1) & 0xFF) << 8 | bytes.get(at + 2) & 0xFF;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
