package gateway.engine.web.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

class FrameReaderTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<byte[]> PAYLOADS = payloads(0, 1, 5, 0, 255, 256, 3, 70_000, 2);

    @Test
    void framesCutAtEveryByteAreTheSameFrames() throws Exception {
        byte[] stream = stream();
        for (int cut = 0; cut <= Math.min(stream.length, 600); cut++) {
            FrameReader reader = trusting();
            List<byte[]> read = new ArrayList<>(reader.read(ByteBuffer.wrap(stream, 0, cut)));
            read.addAll(reader.read(ByteBuffer.wrap(stream, cut, stream.length - cut)));
            assertSame(read);
        }
    }

    @Test
    void framesCutAtRandomAndByteByByteAreTheSameFrames() throws Exception {
        byte[] stream = stream();
        Random random = new Random(19);
        for (int round = 0; round < 50; round++) {
            FrameReader reader = trusting();
            List<byte[]> read = new ArrayList<>();
            for (int at = 0; at < stream.length; ) {
                int count = Math.min(round == 0 ? 1 : 1 + random.nextInt(3_000), stream.length - at);
                read.addAll(reader.read(ByteBuffer.wrap(stream, at, count)));
                at += count;
            }
            assertSame(read);
        }
    }

    @Test
    void anAnnouncedLengthTakesNoMemory() throws Exception {
        FrameReader reader = trusting();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertTrue(
                reader.read(ByteBuffer.wrap(new byte[] {0x7F, -1, -1, 1, 2, 3})).isEmpty());
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before < 64 << 10);
    }

    @Test
    void aLongFrameIsRefusedAsSoonAsItIsAnnounced() {
        for (byte[] announced : List.of(new byte[] {-1, -1, -1}, new byte[] {(byte) 0x80, 0, 1})) {
            assertEquals(
                    Reason.OVERSIZED,
                    assertThrows(WireRefusal.class, () -> trusting().read(ByteBuffer.wrap(announced)))
                            .reason());
        }
        assertThrows(WireRefusal.class, () -> new FrameReader().read(ByteBuffer.wrap(new byte[] {1, 0, 1})));
    }

    @Test
    void aPayloadBeyondTheLimitIsNotSent() {
        assertThrows(IllegalArgumentException.class, () -> Frames.frame(new byte[Frames.MAX_PAYLOAD + 1]));
    }

    private static FrameReader trusting() {
        FrameReader reader = new FrameReader();
        reader.trust();
        return reader;
    }

    private static void assertSame(List<byte[]> read) {
        assertEquals(PAYLOADS.size(), read.size());
        for (int i = 0; i < read.size(); i++) {
            assertArrayEquals(PAYLOADS.get(i), read.get(i));
        }
    }

    private static byte[] stream() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PAYLOADS.forEach(payload -> out.writeBytes(Frames.frame(payload)));
        return out.toByteArray();
    }

    private static List<byte[]> payloads(int... lengths) {
        Random random = new Random(7);
        List<byte[]> payloads = new ArrayList<>();
        for (int length : lengths) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            payloads.add(payload);
        }
        return payloads;
    }
}
