package gateway.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import org.junit.jupiter.api.Test;

import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.messaging.ChatQueue.Waiting;
import gateway.messaging.SendWindow.Next;

/** Messages that are handed in without being read, beside those that are. The test empties the queues itself. */
class SendWindowTest {
    private static final Jid ANN = Jid.ofPhone("12025550101");
    private static final Jid BOB = Jid.ofPhone("12025550102");

    private final Map<Jid, ChatQueue> queues = new LinkedHashMap<>();
    private final Map<Long, Jid> chats = new HashMap<>();
    private final SendWindow window = new SendWindow(InstantSource.system(), 10, queues::put);
    private final Line line = new Line();

    @Test
    void aMessageThatIsHandedInIsSentOnceAlthoughItIsReadLater() {
        readAll();
        window.hand(message(7, ANN), line);
        assertEquals(List.of(7L), sent(ANN));
        // Its mark is not written yet, so the next look finds it.
        readAll(message(7, ANN), message(8, ANN));
        assertEquals(List.of(8L), sent(ANN));
        assertEquals(OptionalLong.of(8), window.room(line));
    }

    @Test
    void aMessageThatWasReadBeforeItIsHandedInIsSentOnce() {
        readAll(message(7, ANN));
        assertEquals(List.of(7L), sent(ANN));
        window.hand(message(7, ANN), line);
        assertEquals(List.of(), sent(ANN));
    }

    @Test
    void aMessageOfAnotherProcessThatIsReadAfterLaterOnesIsSentFromAFullQueue() {
        readAll();
        var handed = new ArrayList<Long>();
        for (long seq = 2; seq <= ChatQueue.MAX + 1; seq++) {
            window.hand(message(seq, ANN), line);
            handed.add(seq);
        }
        readAll(message(1, ANN));
        handed.add(1L);
        assertEquals(handed, sent(ANN));
    }

    @Test
    void aLateMessageThatComesDuringARefillIsSentBesideWhatIsRead() {
        readAll();
        for (long seq = 3; seq <= ChatQueue.MAX + 3; seq++) {
            window.hand(message(seq, ANN), line);
        }
        var queue = queues.get(ANN);
        var sent = new ArrayList<Long>();
        while (window.next(ANN, queue, line) instanceof Next.Send(Waiting message)) {
            sent.add(message.seq());
            window.done(queue, message, 0);
        }
        // The refill that was begun just now has not read yet.
        readAll(message(1, ANN), message(2, ANN), message(ChatQueue.MAX + 3, ANN));
        window.refilled(queue, List.of(), true);
        sent.addAll(sent(ANN));
        assertEquals(ChatQueue.MAX + 3, Set.copyOf(sent).size());
        assertEquals(ChatQueue.MAX + 3, sent.size());
    }

    @Test
    void aLookCoversWhatWasHandedInBeforeIt() {
        readAll();
        window.hand(message(7, ANN), line);
        assertEquals(List.of(7L), sent(ANN));
        assertEquals(OptionalLong.of(0), window.room(line));
        window.hand(message(9, ANN), line);
        window.add(List.of(), 0, true);
        assertEquals(OptionalLong.of(7), window.room(line));
    }

    @Test
    void nothingOvertakesWhatIsStillToBeRead() {
        window.hand(message(3, ANN), line);
        assertEquals(List.of(), sent(ANN));
        readAll(message(2, ANN), message(3, ANN));
        assertEquals(List.of(2L, 3L), sent(ANN));
        window.wake(true, false);
        window.hand(message(5, ANN), line);
        assertEquals(List.of(), sent(ANN));
        readAll(message(4, ANN), message(5, ANN));
        assertEquals(List.of(4L, 5L), sent(ANN));
    }

    @Test
    void nothingIsHandedInWhileTheBacklogIsLongerThanOneLook() {
        window.room(line);
        window.add(List.of(message(1, ANN)), 1, false);
        window.hand(message(9, ANN), line);
        assertEquals(List.of(1L), sent(ANN));
    }

    @Test
    void aFullQueueLeavesTheRestToBeReadInOrder() {
        readAll();
        int most = ChatQueue.MAX + 3;
        var expected = new ArrayList<Long>();
        var beyond = new ArrayList<Waiting>();
        for (long seq = 1; seq <= most; seq++) {
            window.hand(message(seq, ANN), line);
            expected.add(seq);
            beyond.add(message(seq, ANN));
        }
        window.hand(message(most + 1, BOB), line);
        beyond.add(message(most + 1, BOB));
        readAll(beyond.toArray(Waiting[]::new));
        assertEquals(List.of(most + 1L), sent(BOB));
        assertEquals(expected, sent(ANN));
    }

    @Test
    void nothingIsHandedInWithoutAConnection() {
        readAll();
        line.up = false;
        window.hand(message(1, ANN), line);
        line.up = true;
        assertEquals(List.of(), sent(ANN));
    }

    private Waiting message(long seq, Jid chat) {
        chats.put(seq, chat);
        return new Waiting(seq, "m" + seq, chat, "", new Content.Text("text", Content.Options.NONE), 0, 0, "", 0, true);
    }

    /** A look at the database that finds these, and no more. */
    private void readAll(Waiting... found) {
        window.room(line);
        window.add(List.of(found), found.length == 0 ? 0 : found[found.length - 1].seq(), true);
    }

    /** Sends what is in the chat's queue, and what its refill reads. */
    private List<Long> sent(Jid chat) {
        var sent = new ArrayList<Long>();
        var queue = queues.get(chat);
        while (queue != null) {
            switch (window.next(chat, queue, line)) {
                case Next.Send(Waiting message) -> {
                    sent.add(message.seq());
                    window.done(queue, message, 0);
                }
                case Next.Refill(long after, long last) -> {
                    var read = new ArrayList<Waiting>();
                    for (long seq = after + 1; seq <= last; seq++) {
                        if (chat.equals(chats.get(seq))) {
                            read.add(message(seq, chat));
                        }
                    }
                    window.refilled(queue, read, true);
                }
                case Next.End end -> {
                    queues.remove(chat);
                    queue = null;
                }
            }
        }
        return sent;
    }

    /** The account's connection. */
    private static final class Line implements SendWindow.Gate {
        private boolean up = true;

        @Override
        public boolean ready() {
            return up;
        }

        @Override
        public long opens() {
            return 0;
        }

        @Override
        public void rest() {}

        @Override
        public boolean closed() {
            return false;
        }
    }
}
