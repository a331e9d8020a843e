package gateway.engine.web.connection;

import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.noise.ClientHandshake;
import gateway.engine.web.noise.FrameCipher;
import gateway.engine.web.noise.FrameReader;
import gateway.engine.web.noise.Frames;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePair;

/** The first second of a connection: the WebSocket, then the handshake. */
final class Opening {
    private Opening() {}

    static Opened open(HttpClient client, ServerAddress endpoint, Timing timing, Hello hello)
            throws ConnectionEnded, InterruptedException {
        ByteSocket socket = ByteSocket.open(client, endpoint, timing);
        boolean open = false;
        try {
            ClientHandshake handshake =
                    new ClientHandshake(CurvePair.draw(hello.random()), hello.noise(), endpoint.root());
            socket.send(joined(Frames.intro(hello.routing()), Frames.frame(handshake.hello())));
            FrameReader frames = new FrameReader();
            List<byte[]> payloads = first(socket, frames, timing.open());
            ClientHandshake.Finish finish = handshake.answer(
                    payloads.removeFirst(), hello.payload().get(), hello.clock().instant());
            socket.send(Frames.frame(finish.message()));
            frames.trust();
            open = true;
            return new Opened(socket, frames, finish.cipher(), payloads);
        } catch (WireRefusal e) {
            throw new ConnectionEnded(new End.Untrusted(e.getMessage()));
        } finally {
            if (!open) {
                socket.abort();
            }
        }
    }

    /** The payloads that came with the first one, which is the server's half of the handshake. */
    private static List<byte[]> first(ByteSocket socket, FrameReader frames, Duration patience)
            throws ConnectionEnded, WireRefusal, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            Optional<ByteBuffer> bytes = left.isNegative() ? Optional.empty() : socket.take(left);
            if (bytes.isEmpty()) {
                throw new ConnectionEnded(new End.Lost("the server did not shake hands in time"));
            }
            List<byte[]> payloads = frames.read(bytes.get());
            if (!payloads.isEmpty()) {
                return new ArrayList<>(payloads);
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** A socket after the handshake, and the frames that came before anybody could read them. */
    record Opened(ByteSocket socket, FrameReader frames, FrameCipher cipher, List<byte[]> early) {}
}
