package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.PostgresForTests;

/** Accounts and how their lines stand: answered without the database, and never from before a change. */
class DevicesFromMemoryTest {
    private static final int AT_ONCE = 12;

    @TempDir
    Path directory;

    @Test
    void accountsAndStatusesAreAnsweredWithoutTheDatabase() {
        try (var rig = new ApiRig(directory).paired()) {
            var list = rig.get("/devices").results();
            assertEquals(1, list.size());
            rig.store.write(tx -> tx.run("ALTER TABLE device RENAME TO out_of_reach"));
            assertEquals(list, rig.get("/devices").results());
            assertEquals(list.path(0), rig.get("/devices/" + ApiRig.DEVICE).results());
            assertTrue(rig.get("/devices/" + ApiRig.DEVICE + "/status")
                    .results()
                    .path("is_connected")
                    .asBoolean());
            assertTrue(rig.get("/app/status").results().path("is_connected").asBoolean());
            rig.store.write(tx -> tx.run("ALTER TABLE out_of_reach RENAME TO device"));
        }
    }

    @Test
    void everyChangeIsInTheNextListHoweverManyAreMadeAtOnce() throws Exception {
        try (var rig = new ApiRig(directory);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changes = new ArrayList<Future<?>>();
            for (int i = 0; i < AT_ONCE; i++) {
                var id = "device-" + i;
                boolean leaves = i % 2 == 0;
                changes.add(threads.submit(() -> {
                    assertEquals(
                            200,
                            rig.post("/devices", ApiRig.object().put("device_id", id))
                                    .status());
                    assertTrue(listed(rig).contains(id));
                    if (leaves) {
                        assertEquals(200, rig.delete("/devices/" + id).status());
                        assertTrue(!listed(rig).contains(id));
                    }
                }));
            }
            for (var change : changes) {
                change.get();
            }
            var stay = new TreeSet<>(
                    Set.of(ApiRig.DEVICE, "device-1", "device-3", "device-5", "device-7", "device-9", "device-11"));
            assertEquals(stay, listed(rig));
        }
    }

    @Test
    void aNodeShowsAtOnceWhatAnotherOneChanged() throws Exception {
        var database = PostgresForTests.running().fresh();
        try (var one = new ApiRig(Files.createDirectory(directory.resolve("one")), database);
                var other = new ApiRig(Files.createDirectory(directory.resolve("other")), database)) {
            assertEquals(Set.of(ApiRig.DEVICE), listed(other));
            assertEquals(
                    200,
                    one.post("/devices", ApiRig.object().put("device_id", "second"))
                            .status());
            assertEquals(Set.of(ApiRig.DEVICE, "second"), listed(other));
            var owner = one.accounts.session("second").isPresent() ? one : other;
            assertEquals(200, owner.delete("/devices/second").status());
            assertEquals(Set.of(ApiRig.DEVICE), listed(one));
            assertEquals(Set.of(ApiRig.DEVICE), listed(other));
        }
    }

    private static Set<String> listed(ApiRig rig) {
        var reply = rig.get("/devices");
        assertEquals(200, reply.status());
        var ids = new TreeSet<String>();
        StreamSupport.stream(reply.results().spliterator(), false)
                .forEach(device -> ids.add(device.path("id").asText()));
        return ids;
    }
}
