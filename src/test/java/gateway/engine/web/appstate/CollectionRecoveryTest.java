package gateway.engine.web.appstate;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.PeerDataOperationResponse.CollectionRecoveryResponse;

class CollectionRecoveryTest {
    private static final Function<ByteString, Optional<AppStateKeys>> NO_KEYS = _ -> Optional.empty();

    private static Function<ByteString, Optional<AppStateKeys>> keys(JsonNode vector) {
        Map<ByteString, AppStateKeys> keys = new HashMap<>();
        vector.get("keys")
                .forEach(key ->
                        keys.put(ByteString.copyFrom(bytes(key, "keyId")), AppStateKeys.of(bytes(key, "keyData"))));
        return id -> Optional.ofNullable(keys.get(id));
    }

    @Test
    void theCopyIsTakenOver() throws Exception {
        for (JsonNode vector : Vectors.cases("app-state-recovery.json")) {
            CollectionRecoveryResponse answer = Message.parseFrom(bytes(vector, "message"))
                    .getProtocolMessage()
                    .getPeerDataOperationRequestResponseMessage()
                    .getPeerDataOperationResult(0)
                    .getSyncdSnapshotFatalRecoveryResponse();
            assertEquals(vector.get("isCompressed").asBoolean(), answer.getIsCompressed());
            check(vector, answer.getCollectionSnapshot().toByteArray(), answer.getIsCompressed());
            check(vector, bytes(vector, "snapshotRecovery"), false);
        }
    }

    private static void check(JsonNode vector, byte[] snapshot, boolean compressed) throws Exception {
        Synced.Taken taken = assertInstanceOf(
                Synced.Taken.class,
                CollectionRecovery.read(vector.get("collection").asText(), snapshot, compressed, keys(vector)));
        JsonNode after = vector.get("after");
        assertEquals(new CollectionState(after.get("version").asLong(), bytes(after, "hash"), false), taken.next());
        Map<String, String> records = new HashMap<>();
        taken.changes()
                .forEach((index, value) -> records.put(
                        hex(index.toByteArray()), hex(value.orElseThrow().toByteArray())));
        Map<String, String> expected = new HashMap<>();
        after.get("indexToValueMac")
                .properties()
                .forEach(each -> expected.put(each.getKey(), each.getValue().asText()));
        assertEquals(expected, records);
        for (int i = 0; i < vector.get("mutations").size(); i++) {
            JsonNode mutation = vector.get("mutations").get(i);
            assertEquals(
                    mutation.get("index").valueStream().map(JsonNode::asText).toList(),
                    taken.mutations().get(i).index().orElseThrow());
            assertEquals(
                    mutation.get("version").asInt(),
                    taken.mutations().get(i).data().getVersion());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        JsonNode vector = Vectors.cases("app-state-recovery.json").getFirst();
        byte[] plain = bytes(vector, "snapshotRecovery");
        assertInstanceOf(Synced.Blocked.class, CollectionRecovery.read("regular_low", plain, false, NO_KEYS));
        assertEquals(Reason.MALFORMED, refused("critical_block", plain, false));
        assertEquals(Reason.MALFORMED, refused("regular_low", plain, true));
        assertEquals(Reason.MALFORMED, refused("regular_low", new byte[] {1, 2, 3}, false));
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 20; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        assertEquals(Reason.OVERSIZED, refused("regular_low", bomb.toByteArray(), true));
    }

    private static Reason refused(String collection, byte[] bytes, boolean compressed) {
        return assertThrows(WireRefusal.class, () -> CollectionRecovery.read(collection, bytes, compressed, NO_KEYS))
                .reason();
    }
}
