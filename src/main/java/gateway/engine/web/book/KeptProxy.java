package gateway.engine.web.book;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import gateway.engine.OutboundProxy;
import gateway.store.Store;

/** The account's own proxy, sealed. It stays when the account is unlinked: the next pairing leaves by it as well. */
public final class KeptProxy {
    private static final int PARTS = 4;

    private final String device;
    private final Store store;
    private final SealedRows rows;

    KeptProxy(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    public Optional<OutboundProxy> find() {
        return rows.sealed("SELECT sealed FROM web_proxy WHERE device = ?", "web_proxy", device)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).split("\n", PARTS))
                .map(parts -> new OutboundProxy(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3]));
    }

    /** Stores it, or removes the one that is stored; it is on disk when this returns. */
    public void keep(Optional<OutboundProxy> proxy) {
        store.write(proxy.map(given -> new KeyChanges().add("""
                INSERT INTO web_proxy (device, sealed) VALUES (?, ?)
                ON CONFLICT (device) DO UPDATE SET sealed = excluded.sealed""", device, rows.seal("web_proxy", "", form(given))))
                .orElseGet(() -> new KeyChanges().add("DELETE FROM web_proxy WHERE device = ?", device)));
    }

    private static byte[] form(OutboundProxy proxy) {
        return String.join("\n", proxy.host(), Integer.toString(proxy.port()), proxy.user(), proxy.password())
                .getBytes(StandardCharsets.UTF_8);
    }
}
