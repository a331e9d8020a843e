package gateway.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.auth.CredentialBook;
import gateway.backup.Manifest;
import gateway.backup.Restoration;
import gateway.engine.web.book.Book;
import gateway.messaging.History;
import gateway.messaging.SearchIndex;
import gateway.process.DiskTrouble;
import gateway.secret.KeyRing;
import gateway.secret.Sealing;
import gateway.store.Continuity;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Makes a storage directory out of a backup safe to serve: the database is brought to this program's version, every
 * account is held, and nothing encrypts with a session or sender key that the lost machine may have used since. The
 * index of words is filled anew, and no list has a tag that readers of the lost machine know.
 */
record RestoredState(InstantSource clock) implements Restoration.Settling {
    @Override
    public void settle(Path storage, Manifest about) {
        var keys = KeyRing.file(storage.resolve("secrets").resolve("encryption.key"));
        try (var store =
                        Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")), new Continuity(storage, true));
                var log = log(storage, store)) {
            new SearchIndex(store).clear();
            History.renew(store, clock.millis());
            var sealing = new Sealing(store, keys, storage.resolve("webhook.key"), clock);
            var holds = Wiring.holds(store, clock, log);
            for (var device : holds.accounts()) {
                holds.hold(
                        device,
                        Restoration.REASON + about.time(),
                        CredentialBook.By.command().actor());
                var keysOfSignal = new Book(device, store, sealing);
                keysOfSignal.write(keysOfSignal.forReading());
            }
        }
    }

    private static AuditLog log(Path storage, Store store) {
        var file = storage.resolve("security.log");
        var keys = storage.resolve("audit");
        try {
            return new AuditLog(file, keys, Clock.systemUTC(), new AuditAnchor(store, keys)::keep, AuditMetrics.NONE);
        } catch (IOException e) {
            throw DiskTrouble.fault("The security log of the backup cannot be continued", e, file);
        }
    }
}
