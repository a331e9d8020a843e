package gateway.engine.web.appstate;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.SyncActionData;
import gateway.engine.web.proto.HistoryProto.SyncdMutation;
import gateway.engine.web.proto.HistoryProto.SyncdPatch;

class AppStateVectorsTest {
    @Test
    void keysExpandAsTheVectorsSay() {
        for (JsonNode vector : Vectors.cases("app-state-keys.json")) {
            AppStateKeys keys = AppStateKeys.of(bytes(vector, "keyData"));
            assertArrayEquals(bytes(vector, "index"), keys.index());
            assertArrayEquals(bytes(vector, "valueEncryption"), keys.valueEncryption());
            assertArrayEquals(bytes(vector, "valueMac"), keys.valueMac());
            assertArrayEquals(bytes(vector, "snapshotMac"), keys.snapshotMac());
            assertArrayEquals(bytes(vector, "patchMac"), keys.patchMac());
        }
    }

    @Test
    void hashesAddAndSubtractAsTheVectorsSay() {
        for (JsonNode vector : Vectors.cases("app-state-lthash.json")) {
            assertArrayEquals(
                    bytes(vector, "result"),
                    LtHash.apply(bytes(vector, "base"), macs(vector.get("subtract")), macs(vector.get("add"))),
                    vector.get("name").asText());
        }
    }

    private static List<byte[]> macs(JsonNode list) {
        return list.valueStream().map(mac -> hex(mac.asText())).toList();
    }

    @Test
    void recordsAreReadAndWrittenByteForByte() throws Exception {
        for (JsonNode vector : Vectors.cases("app-state-mutations.json")) {
            byte[] encoded = bytes(vector, "mutationProto");
            AppStateKeys keys = AppStateKeys.of(bytes(vector, "keyData"));
            SyncdMutation read = SyncdMutation.parseFrom(encoded);
            boolean set = vector.get("operation").asText().equals("SET");
            Mutation mutation = MutationCipher.decrypt(set, read.getRecord(), keys);
            assertEquals(
                    vector.get("indexMac").asText(), hex(mutation.indexMac().toByteArray()));
            assertEquals(
                    vector.get("valueMac").asText(), hex(mutation.valueMac().toByteArray()));
            assertEquals(
                    vector.get("index").asText(), mutation.data().getIndex().toStringUtf8());
            assertEquals(vector.get("version").asInt(), mutation.data().getVersion());
            assertEquals(
                    vector.get("syncActionValue").asText(),
                    hex(mutation.data().getValue().toByteArray()));
            SyncActionData data = SyncActionData.parseFrom(bytes(vector, "syncActionData"));
            assertEquals(
                    hex(encoded),
                    hex(MutationCipher.encrypt(set, data, bytes(vector, "iv"), bytes(vector, "keyId"), keys)
                            .toByteArray()),
                    vector.get("name").asText());
            assertEquals(
                    Reason.BAD_MAC,
                    assertThrows(WireRefusal.class, () -> MutationCipher.decrypt(!set, read.getRecord(), keys))
                            .reason());
        }
    }

    @Test
    void unusualIndexesCountByTheirBytes() throws Exception {
        for (JsonNode vector : Vectors.cases("app-state-index.json")) {
            Mutation mutation = MutationCipher.decrypt(
                    true,
                    SyncdMutation.parseFrom(bytes(vector, "mutationProto")).getRecord(),
                    AppStateKeys.of(bytes(vector, "keyData")));
            assertEquals(
                    vector.get("indexMac").asText(), hex(mutation.indexMac().toByteArray()));
            if (vector.hasNonNull("refused")) {
                assertTrue(mutation.index().isEmpty());
            } else {
                assertEquals(
                        Optional.of(vector.get("read")
                                .valueStream()
                                .map(JsonNode::asText)
                                .toList()),
                        mutation.index());
            }
        }
    }

    @Test
    void patchesAreTakenOrRefusedAsTheVectorsSay() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("app-state-patches.json")) {
            String name = vector.get("name").asText();
            String verdict = vector.get("verdict").asText();
            AppState reader = new AppState(vector.get("collection").asText(), keys(vector));
            JsonNode initial = vector.get("initial");
            CollectionState state = new CollectionState(initial.get("version").asLong(), bytes(initial, "hash"), false);
            Map<ByteString, ByteString> map = map(initial.get("indexToValueMac"));
            String outcome = "accept";
            for (JsonNode encoded : vector.get("patches")) {
                SyncdPatch patch = AppState.patch(hex(encoded.asText()));
                try {
                    switch (reader.apply(state, index -> Optional.ofNullable(map.get(index)), patch)) {
                        case Synced.Taken taken -> {
                            state = taken.next();
                            outcome = state.diverged() ? "diverged" : outcome;
                            taken.changes()
                                    .forEach((index, value) ->
                                            value.ifPresentOrElse(mac -> map.put(index, mac), () -> map.remove(index)));
                        }
                        case Synced.Blocked _ -> outcome = "blocked";
                        case Synced.Known _ -> outcome = "known";
                    }
                } catch (WireRefusal refusal) {
                    assertEquals(verdict.contains("gap") ? Reason.GAP : Reason.BAD_MAC, refusal.reason(), name);
                    outcome = "reject";
                }
            }
            assertEquals(verdict.split(":")[0], outcome, name);
            assertEquals(vector.get("after").get("version").asLong(), state.version(), name);
            assertEquals(vector.get("after").get("hash").asText(), hex(state.hash()), name);
            assertEquals(map(vector.get("after").get("indexToValueMac")), map, name);
        }
    }

    @Test
    void snapshotsAreTakenOrRefusedAsTheVectorsSay() throws WireRefusal {
        for (JsonNode vector : Vectors.cases("app-state-snapshots.json")) {
            String name = vector.get("name").asText();
            AppState reader = new AppState(vector.get("collection").asText(), keys(vector));
            var snapshot = AppState.snapshot(bytes(vector, "snapshot"));
            if (vector.get("verdict").asText().startsWith("reject")) {
                assertEquals(
                        Reason.BAD_MAC,
                        assertThrows(WireRefusal.class, () -> reader.replace(CollectionState.none(), snapshot))
                                .reason(),
                        name);
                continue;
            }
            Synced.Taken taken = assertInstanceOf(Synced.Taken.class, reader.replace(CollectionState.none(), snapshot));
            assertEquals(vector.get("version").asLong(), taken.next().version());
            assertEquals(
                    vector.get("hashOfAllRecords").asText(), hex(taken.next().hash()), name);
            assertInstanceOf(Synced.Known.class, reader.replace(taken.next(), snapshot));
            assertInstanceOf(
                    Synced.Blocked.class,
                    new AppState(vector.get("collection").asText(), _ -> Optional.empty())
                            .replace(CollectionState.none(), snapshot));
        }
    }

    @Test
    void randomAndCutOffBytesAreRefusedOrIgnoredButNeverBreakAnything() throws WireRefusal {
        JsonNode vector = Vectors.cases("app-state-patches.json").get(1);
        byte[] good = hex(vector.get("patches").get(0).asText());
        AppState reader = new AppState(vector.get("collection").asText(), keys(vector));
        Random random = new Random(5);
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] tried = i % 2 == 0 ? bad : Arrays.copyOf(good, random.nextInt(good.length));
            try {
                Synced result = reader.apply(CollectionState.none(), _ -> Optional.empty(), AppState.patch(tried));
                assertFalse(result instanceof Synced.Taken taken
                        && !taken.next().diverged()
                        && taken.mutations().isEmpty());
            } catch (WireRefusal refusal) {
                assertFalse(refusal.getMessage().isEmpty());
            }
        }
    }

    private static Function<ByteString, Optional<AppStateKeys>> keys(JsonNode vector) {
        Map<ByteString, AppStateKeys> keys = new HashMap<>();
        vector.get("keys")
                .forEach(key ->
                        keys.put(ByteString.copyFrom(bytes(key, "keyId")), AppStateKeys.of(bytes(key, "keyData"))));
        return id -> Optional.ofNullable(keys.get(id));
    }

    private static Map<ByteString, ByteString> map(JsonNode node) {
        Map<ByteString, ByteString> map = new HashMap<>();
        node.properties()
                .forEach(entry -> map.put(
                        ByteString.copyFrom(hex(entry.getKey())),
                        ByteString.copyFrom(hex(entry.getValue().asText()))));
        return map;
    }
}
