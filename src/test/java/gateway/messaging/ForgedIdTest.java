package gateway.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.Event;
import gateway.engine.Event.Receipt.Kind;
import gateway.store.SqlDialect;

/** What is said under the id of a message that another person wrote: new messages, and receipts. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class ForgedIdTest extends ForgeryRig {
    ForgedIdTest(SqlDialect dialect) {
        super(dialect);
    }

    @Test
    void aMessageUnderAKnownIdNeitherReplacesTheOtherNorIsLost() {
        says("OURS", ANN, ANN, "in its place");
        says("GROUP-ANN", GROUP, BOB, "in its place");
        says("GROUP-ANN", GROUP, BOB, "in its place");
        accept("SENT");
        says("SENT", ANN, ANN, "before its mark");
        assertEquals(3, told.size(), "each once");
        assertEquals(7, store.number("SELECT count(*) FROM message"));
        assertEquals(0, store.number("SELECT count(*) FROM message WHERE id = 'SENT'"));
        assertEquals(List.of("hers", "ours", "hers", "ours"), bodies());
        assertEquals(
                3,
                told.stream()
                        .map(event -> ((Event.Message) event).id())
                        .distinct()
                        .count());
        edits("GROUP-ANN", GROUP, BOB);
        assertEquals(List.of("hers", "ours", "hers", "ours"), bodies());
        says("OURS", ANN, SELF, "once more");
        assertEquals(3, told.size(), "what is offered again is no news");
    }

    @Test
    void aReceiptCountsInTheMessagesChatAndForOurMessagesAlone() {
        receipt(BOB, BOB, Kind.READ, "OURS");
        receipt(BOB, BOB, Kind.DELIVERED, "GROUP-OURS");
        receipt(ANN, ANN, Kind.READ, "HERS");
        assertEquals(List.of(), told);
        receipt(ANN, ANN, Kind.READ, "GROUP-OURS", "OURS", "OLDER");
        receipt(GROUP, BOB, Kind.READ, "GROUP-OURS");
        receipt(ANN, SELF, Kind.READ_SELF, "HERS");
        assertEquals(
                List.of(List.of("OURS", "OLDER"), List.of("GROUP-OURS"), List.of("HERS")),
                told.stream().map(event -> ((Event.Receipt) event).ids()).toList());
    }

    @Test
    void aReceiptOfManyMessagesIsLookedAtWhole() {
        var ids = IntStream.range(0, 40).mapToObj(i -> "M" + i).toList();
        ids.forEach(id -> says(id, ANN, SELF, id));
        told.clear();
        receipt(BOB, BOB, Kind.READ, ids.toArray(String[]::new));
        assertEquals(List.of(), told);
        receipt(ANN, ANN, Kind.READ, ids.toArray(String[]::new));
        assertEquals(ids, ((Event.Receipt) told.getFirst()).ids());
    }

    @Test
    void anIdIsForwardedAsTheMessageThatHadItFirst() {
        says("OURS", BOB, BOB, "in its place");
        store.write(tx -> tx.update("UPDATE message SET created_at = 1 WHERE id = 'OURS' AND from_me = 1"));
        assertEquals(
                "ours",
                new Chats(store).message(DEVICE, "OURS").orElseThrow().content().body());
    }
}
