package gateway.engine.web.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

class NodeRefusalTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final byte[] STANZA = NodeEncoder.encode(Node.of("message")
            .with("id", "3EB0A")
            .with("notify", "Zoë")
            .with("from", DeviceJid.of("100000671213954", 12, DeviceJid.LID))
            .holding(
                    Node.of("enc").with("v", 2).holding(new byte[300]),
                    Node.of("x-body").holding("some text")));

    @Test
    void aStanzaCutAtAnyByteIsRefused() throws Exception {
        NodeDecoder.decode(STANZA);
        for (int length = 0; length < STANZA.length; length++) {
            byte[] cut = Arrays.copyOf(STANZA, length);
            assertEquals(
                    Reason.MALFORMED,
                    assertThrows(WireRefusal.class, () -> NodeDecoder.decode(cut))
                            .reason());
        }
    }

    @Test
    void aCompressedStanzaCutAtAnyByteIsRefused() throws Exception {
        byte[] whole = compressed(Arrays.copyOfRange(STANZA, 1, STANZA.length));
        assertEquals(NodeDecoder.decode(STANZA), NodeDecoder.decode(whole));
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertEquals(
                    Reason.MALFORMED,
                    assertThrows(WireRefusal.class, () -> NodeDecoder.decode(cut))
                            .reason());
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThrows(WireRefusal.class, () -> NodeDecoder.decode(longer));
    }

    @Test
    void aBombStopsAtTheLimit() {
        byte[] bomb = compressed(new byte[64 << 20]);
        assertTrue(bomb.length < 1 << 20);
        assertTakesAtMost(48 << 20, Reason.OVERSIZED, bomb);
    }

    @Test
    void nodesInNodesStopAtTheLimit() throws Exception {
        NodeDecoder.decode(nested(NodeDecoder.MAX_DEPTH));
        assertTakesAtMost(1 << 20, Reason.OVERSIZED, nested(NodeDecoder.MAX_DEPTH + 1));
        assertTakesAtMost(1 << 20, Reason.OVERSIZED, nested(100_000));
    }

    @Test
    void manySmallNodesStopAtTheLimit() {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(Vectors.hex("00f80219f90009"));
        for (int outer = 0; outer < 9; outer++) {
            list.writeBytes(Vectors.hex("f80271f9ffff"));
            for (int i = 0; i < 65_535; i++) {
                list.writeBytes(Vectors.hex("f80156"));
            }
        }
        assertTakesAtMost(160 << 20, Reason.OVERSIZED, list.toByteArray());
    }

    @Test
    void whatIsAnnouncedIsNotAllocated() {
        for (String announced : new String[] {
            "00f80219fe7fffffff00",
            "00f80219feffffffff00",
            "00f80219fdffffff00",
            "00f80219f9ffff",
            "00f9ffff19",
            "00f80219f9fffff9ffff"
        }) {
            assertTakesAtMost(1 << 20, Reason.MALFORMED, Vectors.hex(announced));
        }
    }

    @Test
    void anAttributeTwiceIsRefused() {
        assertThrows(WireRefusal.class, () -> NodeDecoder.decode(Vectors.hex("00f80519042904" + "29")));
    }

    @Test
    void randomBytesGiveANodeOrARefusalAndNothingElse() {
        Random random = new Random(19);
        int nodes = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] frame;
            if (i % 2 == 0) {
                frame = new byte[1 + random.nextInt(60)];
                random.nextBytes(frame);
                frame[0] &= 1;
            } else {
                frame = STANZA.clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    frame[1 + random.nextInt(random.nextBoolean() ? 60 : frame.length - 1)] = (byte) random.nextInt();
                }
            }
            try {
                Node node = NodeDecoder.decode(frame);
                assertEquals(
                        node.tag(), NodeDecoder.decode(NodeEncoder.encode(node)).tag());
                nodes++;
            } catch (WireRefusal refused) {
                assertTrue(refused.reason() == Reason.MALFORMED || refused.reason() == Reason.OVERSIZED);
            }
        }
        assertTrue(nodes > 500, nodes + " nodes");
    }

    private static void assertTakesAtMost(long bytes, Reason reason, byte[] frame) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        WireRefusal refused = assertThrows(WireRefusal.class, () -> NodeDecoder.decode(frame));
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertEquals(reason, refused.reason());
        assertTrue(taken <= bytes, taken + " bytes");
    }

    private static byte[] nested(int depth) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        for (int i = 0; i < depth; i++) {
            out.writeBytes(Vectors.hex("f80219f801"));
        }
        out.writeBytes(Vectors.hex("f80156"));
        return out.toByteArray();
    }

    private static byte[] compressed(byte[] plain) {
        Deflater deflater = new Deflater();
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(2);
        byte[] some = new byte[8192];
        while (!deflater.finished()) {
            out.write(some, 0, deflater.deflate(some));
        }
        deflater.end();
        return out.toByteArray();
    }
}
