package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.helidon.common.buffers.DataReader;
import org.junit.jupiter.api.Test;

class GuardedReaderTest {

    /**
     * Where they are linked, and an idle time moved the last read bytes to the old generation, each later request's
     * bytes follow them there. No collector's figures: what they would show depends on all else that the test's process
     * does.
     */
    @Test
    void whatOneRequestBroughtIsNotLinkedToWhatTheNextBrings() throws Exception {
        var lines = Stream.of("first\r\n", "second\r\n", "third\r\n")
                .map(line -> line.getBytes(StandardCharsets.US_ASCII))
                .iterator();
        var reader = new GuardedReader(lines::next, () -> false);
        assertEquals("first", reader.readLine());
        reader.nextRequest();
        var held = newestBytes(reader);

        assertEquals("second", reader.readLine());
        reader.nextRequest();
        assertEquals("third", reader.readLine());

        int linked = 0;
        for (var node = held;
                node != null;
                node = field(node.getClass(), "next").get(node)) {
            linked++;
        }
        assertEquals(2, linked, "reads that hang together");
    }

    @Test
    void aRequestThatCameWithTheOneBeforeIsReadToo() {
        var lines = Stream.of("first\r\nsec", "ond\r\n")
                .map(line -> line.getBytes(StandardCharsets.US_ASCII))
                .iterator();
        var reader = new GuardedReader(lines::next, () -> false);
        assertEquals("first", reader.readLine());
        reader.nextRequest();
        assertEquals("second", reader.readLine());
    }

    private static Object newestBytes(GuardedReader reader) throws ReflectiveOperationException {
        return field(DataReader.class, "tail")
                .get(field(GuardedReader.class, "current").get(reader));
    }

    private static Field field(Class<?> in, String name) throws ReflectiveOperationException {
        var field = in.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
