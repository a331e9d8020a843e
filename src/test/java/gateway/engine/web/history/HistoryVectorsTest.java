package gateway.engine.web.history;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.Conversation;
import gateway.engine.web.proto.HistoryProto.HistorySync;

class HistoryVectorsTest {
    @Test
    void chunksAreReadConversationByConversation() throws Exception {
        for (JsonNode vector : Vectors.cases("history-sync.json")) {
            HistorySync whole = HistorySync.parseFrom(bytes(vector, "historySync"));
            List<Conversation> conversations = new ArrayList<>();
            HistorySync rest = HistoryChunk.read(new ByteArrayInputStream(bytes(vector, "zlib")), conversations::add);
            assertEquals(whole.getConversationsList(), conversations);
            assertEquals(
                    whole.toBuilder()
                            .clearConversations()
                            .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                            .build(),
                    rest);
            JsonNode read = vector.get("baileys");
            assertEquals(read.get("syncType").asInt(), rest.getSyncType());
            for (int i = 0; i < read.path("chats").size(); i++) {
                assertEquals(
                        read.get("chats").get(i).get("id").asText(),
                        conversations.get(i).getId());
            }
        }
    }

    @Test
    void aBombIsRefusedBeforeItFillsTheMemory() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
            byte[] field = new byte[1 << 20];
            field[0] = 0x4A; // an unknown field of bytes, 9
            field[1] = (byte) 0xFC;
            field[2] = (byte) 0xFF;
            field[3] = 0x3F;
            for (int i = 0; i < 66; i++) {
                out.write(field);
            }
        }
        assertEquals(
                Reason.OVERSIZED,
                assertThrows(
                                WireRefusal.class,
                                () -> HistoryChunk.read(new ByteArrayInputStream(bomb.toByteArray()), _ -> {}))
                        .reason());
    }

    @Test
    void aConversationOrAListLargerThanAnyIsRefused() throws Exception {
        for (int tag : new int[] {0x12, 0x3A}) { // conversations, names
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
                out.write(new byte[] {(byte) tag, (byte) 0x81, (byte) 0x80, (byte) 0x80, 0x04});
                out.write(new byte[(8 << 20) + 1]);
            }
            assertEquals(
                    Reason.OVERSIZED,
                    assertThrows(
                                    WireRefusal.class,
                                    () -> HistoryChunk.read(new ByteArrayInputStream(deflated.toByteArray()), _ -> {}))
                            .reason());
        }
    }

    @Test
    void aListIsMeasuredInWholeHoweverItIsCutUp() throws Exception {
        int end = 0x7FFFFFFF;
        byte[] longest = {0x3A, 0, 0x3A, (byte) end, (byte) end, (byte) end, (byte) end, 0x07, 0};
        byte[] progress = new byte[10 << 20];
        for (int i = 0; i < progress.length; i += 2) {
            progress[i] = 0x30;
            progress[i + 1] = 1;
        }
        byte[] group = new byte[10 << 20];
        for (int i = 1; i < group.length - 1; i += 2) {
            group[i] = 0x30;
        }
        group[0] = 0x3B;
        group[group.length - 1] = 0x3C;
        for (byte[] plain : List.of(longest, progress, group)) {
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
                out.write(plain);
            }
            assertEquals(
                    plain == group ? Reason.MALFORMED : Reason.OVERSIZED,
                    assertThrows(
                                    WireRefusal.class,
                                    () -> HistoryChunk.read(new ByteArrayInputStream(deflated.toByteArray()), _ -> {}))
                            .reason());
        }
    }

    @Test
    void cutOffAndRandomBytesAreRefused() {
        byte[] good = bytes(Vectors.cases("history-sync.json").getFirst(), "zlib");
        Random random = new Random(9);
        for (int length = 1; length < good.length - 4; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(WireRefusal.class, () -> HistoryChunk.read(new ByteArrayInputStream(cut), _ -> {}));
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            assertThrows(WireRefusal.class, () -> HistoryChunk.read(new ByteArrayInputStream(noise), _ -> {}));
        }
    }
}
