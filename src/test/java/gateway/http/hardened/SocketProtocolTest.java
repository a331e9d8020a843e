package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a WebSocket's client may send, frame by frame, and how a socket ends (RFC 6455). */
class SocketProtocolTest {
    private final List<Integer> closes = new CopyOnWriteArrayList<>();
    private HardenedServer server;
    private Socket socket;
    private DataInputStream in;

    private final class Echo implements WsListener {
        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            if (text.equals("fail")) {
                throw new IllegalStateException("secret");
            }
            if (text.equals("go")) {
                session.close(4001, "gone");
            } else {
                session.send(text, last);
            }
        }

        @Override
        public void onPing(WsSession session, BufferData payload) {
            session.pong(payload);
        }

        @Override
        public void onClose(WsSession session, int code, String reason) {
            closes.add(code);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HardenedServer.builder("sockets")
                .sockets(sockets -> sockets.endpoint("/ws", Echo::new), (exchange, prologue, headers) -> {})
                .start();
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(8000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream()
                .write(("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
        assertTrue(head.toString().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head.toString());
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        server.close();
    }

    private void send(int first, byte[] payload) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0xFE);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        socket.getOutputStream().write(out.toByteArray());
    }

    private void send(int first, String text) throws IOException {
        send(first, text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] frame(int first) throws IOException {
        assertEquals(first, in.readUnsignedByte());
        return in.readNBytes(in.readUnsignedByte());
    }

    private String closedWith(int code) throws IOException {
        byte[] payload = frame(0x88);
        assertEquals(code, (payload[0] & 0xFF) << 8 | payload[1] & 0xFF);
        return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    private void ends() throws IOException {
        long before = System.nanoTime();
        assertEquals(-1, in.read());
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(5).toNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "83 80 00000000, 1002", // opcode 3
        "8b 80 00000000, 1002", // opcode 11
        "c1 80 00000000, 1002", // reserved bit
        "81 01 61, 1002", // not masked
        "09 80 00000000, 1002", // fragmented ping
        "08 80 00000000, 1002", // fragmented close
        "89 fe 007e 00000000, 1002", // ping of 126 bytes
        "80 80 00000000, 1002", // continues nothing
        "01 81 00000000 61 81 81 00000000 62, 1002", // a message inside another
        "01 81 00000000 61 82 81 00000000 62, 1002", // bytes inside text
        "81 fe 0001 00000000 61, 1002", // length not in its shortest form
        "82 ff 8000000000000000 00000000, 1002", // length with its highest bit
        "82 ff 0000000000010001 00000000, 1009", // 64 KiB and a byte
        "81 82 00000000 c328, 1007", // no UTF-8
        "81 81 00000000 c3, 1007", // half a character
        "81 83 00000000 eda080, 1007", // a surrogate
        "88 81 00000000 03, 1002", // half a close code
        "88 82 00000000 03ed, 1002", // 1005
        "88 82 00000000 03e7, 1002", // 999
        "88 82 00000000 07d0, 1002", // 2000
        "88 84 00000000 03e8 c328, 1007", // a reason that is no text
    })
    void aFrameThatIsNotAllowedEndsTheSocket(String bytes, int code) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(bytes.replace(" ", "")));
        if (bytes.startsWith("01")) {
            assertArrayEquals(new byte[] {'a'}, frame(0x01));
        }
        closedWith(code);
        ends();
        Awaitility.await().untilAsserted(() -> assertEquals(List.of(code), closes));
    }

    @ParameterizedTest
    @CsvSource({"1000", "1001", "1011", "3000", "4999"})
    void aClientsCloseCodeIsSaidBack(int code) throws IOException {
        send(0x88, new byte[] {(byte) (code >> 8), (byte) code, 'b', 'y', 'e'});
        assertEquals("", closedWith(code));
        ends();
        Awaitility.await().untilAsserted(() -> assertEquals(List.of(code), closes));
    }

    @Test
    void aCloseWithoutACodeIsAnsweredWithoutOne() throws IOException {
        send(0x88, "");
        assertEquals(0, frame(0x88).length);
        ends();
    }

    @Test
    void behindOurOwnCloseTheConnectionEndsThoughTheClientSaysNothing() throws IOException {
        send(0x81, "go");
        assertEquals("gone", closedWith(4001));
        ends();
    }

    /** Closing over bytes that nobody has read would reset the connection, and a reset can destroy the close frame. */
    @Test
    void whatIsBehindAForbiddenFrameIsSwallowed() throws IOException {
        var bytes = new byte[120_000];
        System.arraycopy(HexFormat.of().parseHex("838000000000"), 0, bytes, 0, 6);
        socket.getOutputStream().write(bytes);
        closedWith(1002);
        ends();
    }

    @Test
    void whatFailsHereIsNotToldThere() throws IOException {
        send(0x81, "fail");
        assertEquals("", closedWith(1011));
        ends();
    }

    @Test
    void textComesInPartsWithAControlFrameBetweenAndACharacterAcross() throws IOException {
        send(0x01, new byte[] {'a', (byte) 0xC3});
        assertArrayEquals(new byte[] {'a'}, frame(0x01));
        send(0x89, "ping");
        assertEquals("ping", new String(frame(0x8A), StandardCharsets.UTF_8));
        send(0x80, new byte[] {(byte) 0xA9, 'b'});
        assertEquals("éb", new String(frame(0x80), StandardCharsets.UTF_8));
        send(0x81, "next");
        assertEquals("next", new String(frame(0x81), StandardCharsets.UTF_8));
    }

    @Test
    void aPingOf125BytesIsAnswered() throws IOException {
        send(0x89, "x".repeat(125));
        assertEquals(125, frame(0x8A).length);
    }
}
