package gateway.crash;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import gateway.engine.ContentJson;
import gateway.store.Store;

/** What the pretended WhatsApp took: by a message's text, the ids it came under. */
record CrashLedger(Map<String, Set<String>> wireIds) {

    static CrashLedger of(Store store) {
        var all = new HashMap<String, Set<String>>();
        store.all(
                row -> all.computeIfAbsent(ContentJson.read(row.text(2)).body(), text -> new HashSet<>())
                        .add(row.text(1)),
                "SELECT wire_id, content FROM sandbox_ledger");
        return new CrashLedger(all);
    }

    /** Of the sends that were answered 200, those that never arrived under the id the answer gave. */
    long lost(Map<String, String> accepted) {
        return accepted.entrySet().stream()
                .filter(sent -> !wireIds.getOrDefault(sent.getKey(), Set.of()).contains(sent.getValue()))
                .count();
    }

    /** Messages that arrived under more than one id. */
    long twice() {
        return wireIds.values().stream().filter(ids -> ids.size() > 1).count();
    }
}
