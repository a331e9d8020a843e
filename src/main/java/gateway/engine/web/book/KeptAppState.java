package gateway.engine.web.book;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.ByteString;

import gateway.engine.web.appstate.CollectionState;
import gateway.engine.web.appstate.Synced;
import gateway.store.Store;

/** The app state as far as it was taken. Version, hash and MACs of a collection change in one transaction. */
public final class KeptAppState {
    private static final HexFormat HEX = HexFormat.of();

    private final String device;
    private final Store store;

    KeptAppState(String device, Store store) {
        this.device = device;
        this.store = store;
    }

    public CollectionState state(String collection) {
        return store.one(
                        row -> List.of(row.number(1), row.text(2), row.number(3)),
                        "SELECT version, hash, diverged FROM web_collection WHERE device = ? AND name = ?",
                        device,
                        collection)
                .map(row -> new CollectionState(
                        (long) row.get(0), HEX.parseHex((String) row.get(1)), (long) row.get(2) == 1))
                .orElseGet(CollectionState::none);
    }

    /** The stored value MAC of an index MAC. */
    public Optional<ByteString> valueMac(String collection, ByteString indexMac) {
        return store.one(
                        row -> row.text(1),
                        "SELECT value_mac FROM web_record WHERE device = ? AND collection = ? AND index_mac = ?",
                        device,
                        collection,
                        hex(indexMac))
                .map(mac -> ByteString.copyFrom(HEX.parseHex(mac)));
    }

    /** @param whole whether it stands in the stead of everything that is stored of the collection */
    public KeyChanges keep(String collection, Synced.Taken taken, boolean whole) {
        KeyChanges changes = new KeyChanges();
        if (whole) {
            changes.add("DELETE FROM web_record WHERE device = ? AND collection = ?", device, collection);
        }
        taken.changes()
                .forEach((index, value) -> value.ifPresentOrElse(
                        mac -> changes.add("""
                INSERT INTO web_record (device, collection, index_mac, value_mac) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, collection, index_mac) DO UPDATE SET value_mac = excluded.value_mac""", device, collection, hex(index), hex(mac)),
                        () -> changes.add(
                                "DELETE FROM web_record WHERE device = ? AND collection = ? AND index_mac = ?",
                                device,
                                collection,
                                hex(index))));
        CollectionState next = taken.next();
        return changes.add(
                """
                INSERT INTO web_collection (device, name, version, hash, diverged) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (device, name) DO UPDATE SET
                    version = excluded.version, hash = excluded.hash, diverged = excluded.diverged""", device, collection, next.version(), HEX.formatHex(next.hash()), next.diverged() ? 1 : 0);
    }

    private static String hex(ByteString bytes) {
        return HEX.formatHex(bytes.toByteArray());
    }
}
