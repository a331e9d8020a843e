package gateway.engine.web.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.node.Node;

@Timeout(30)
class StanzaInboxTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Node STANZA = Node.of("receipt");

    private final StanzaQueue inbox = new StanzaQueue();

    @Test
    void aFullInboxMakesTheReaderWait() throws Exception {
        fill(StanzaQueue.MAX_WAITING);
        Thread reader = Thread.ofVirtual().start(() -> put(1));
        assertFalse(reader.join(Duration.ofMillis(100)));
        inbox.take(SOON);
        assertTrue(reader.join(SOON));
    }

    @Test
    void aFewLargeStanzasFillItToo() throws Exception {
        put((int) StanzaQueue.MAX_BYTES);
        Thread reader = Thread.ofVirtual().start(() -> put(1));
        assertFalse(reader.join(Duration.ofMillis(100)));
        inbox.take(SOON);
        assertTrue(reader.join(SOON));
    }

    @Test
    void anAwaitedAnswerIsReadPastAFullInbox() throws Exception {
        fill(StanzaQueue.MAX_WAITING);
        Thread reader = Thread.ofVirtual().start(() -> put(1));
        assertFalse(reader.join(Duration.ofMillis(100)));
        inbox.expect(1);
        assertTrue(reader.join(SOON));
        fill(StanzaQueue.OVERFLOW * StanzaQueue.MAX_WAITING - StanzaQueue.MAX_WAITING - 1);
        assertEquals(
                new End.Lost("too many stanzas wait"),
                assertThrows(ConnectionEnded.class, () -> inbox.put(STANZA, 1)).end());
    }

    @Test
    void whatCameBeforeTheEndIsTakenFirst() throws Exception {
        fill(1);
        inbox.end(new End.Restart());
        inbox.end(new End.Closed());
        assertTrue(inbox.take(SOON).isPresent());
        assertEquals(
                new End.Restart(),
                assertThrows(ConnectionEnded.class, () -> inbox.take(SOON)).end());
    }

    @Test
    void theEndFreesAReaderThatWaits() throws Exception {
        fill(StanzaQueue.MAX_WAITING);
        Thread reader = Thread.ofVirtual().start(() -> put(1));
        inbox.end(new End.Closed());
        assertTrue(reader.join(SOON));
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            put(1);
        }
    }

    private void put(int size) {
        try {
            inbox.put(STANZA, size);
        } catch (ConnectionEnded | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
