package gateway.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.SecurityEvent;
import gateway.config.SecretFile;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.secret.Sealing;
import gateway.store.Database;
import gateway.store.StorageDirectory;
import gateway.store.Store;

/** A storage directory with something of every kind in it, as a gateway leaves it. */
final class LostGateway {
    static final String PICTURE = "0123456789abcdef0123456789abcdef.jpg";
    static final String WORDS = "the-words-of-a-message-that-nobody-may-read";
    private static final int MESSAGES = 300;
    private static final int PICTURE_BYTES = 1_200_000;

    final Path storage;
    final KeyRing keys;

    LostGateway(Path storage) throws Exception {
        this.storage = storage;
        StorageDirectory.prepare(storage);
        Ledger.directory(storage);
        keys = KeyRing.file(storage.resolve("secrets/encryption.key"));
        fill(storage, keys);
        var media = Files.createDirectories(storage.resolve("media/default"));
        var picture = new byte[PICTURE_BYTES];
        new Random(5).nextBytes(picture);
        Files.write(media.resolve(PICTURE), picture);
        Files.createDirectories(storage.resolve("media/.incoming"));
        Files.writeString(storage.resolve("media/.incoming/half"), "half");
        SecretFile.write(storage.resolve("secrets/ledger.json"), "{\"revision\": 3}\n");
        var instance = Files.createDirectories(storage.resolve("instances/3001"));
        Files.writeString(instance.resolve(".env"), "APP_PORT=3001\n");
        var second = StorageDirectory.prepare(instance.resolve("storages"));
        Ledger.directory(second);
        fill(second, KeyRing.file(second.resolve("secrets/encryption.key")));
    }

    private static void fill(Path storage, KeyRing keys) throws Exception {
        try (var store = Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")))) {
            new Sealing(store, keys, storage.resolve("webhook.key"), InstantSource.system()).seal("one", "a secret");
            store.write(tx -> {
                tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1), ('second', 2)");
                tx.insert(
                        "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', 'a@x', 1, 1, 1)");
                for (int i = 0; i < MESSAGES; i++) {
                    tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)"
                                    + " VALUES ('default', 'a@x', ?, 'b@x', 0, 'text', ?, '{}', 1, 1, 1)",
                            "id" + i,
                            WORDS + i);
                }
                return true;
            });
        }
        try (var log = new AuditLog(
                storage.resolve("security.log"),
                storage.resolve("audit"),
                Clock.systemUTC(),
                line -> {},
                AuditMetrics.NONE)) {
            log.write(new AuditEntry(
                    SecurityEvent.USER_CREATED, "cli:root", "-", "-", AuditEntry.SUCCESS, Map.of("user", "ada")));
        }
    }

    GatewayState state() {
        return new GatewayState(
                storage,
                storage.resolve("whatsapp.db"),
                storage.resolve("security.log"),
                keys,
                new TreeMap<>(Map.of("APP_BASIC_AUTH", "admin:it's \"quoted\"\nsecond:line", "APP_PORT", "3000")),
                "1.2.3");
    }

    /** Adds a file that takes some megabytes, so that a run takes some time. */
    void addLargeFile() throws Exception {
        var bytes = new byte[8 << 20];
        new SecureRandom().nextBytes(bytes);
        Files.write(storage.resolve("media/default/" + "f".repeat(32) + ".mp4"), bytes);
    }

    /** The names that lie in the private place of backups. */
    Set<String> leftInPlace() throws Exception {
        try (var left = Files.list(storage.resolve(BackupRun.PLACE))) {
            return left.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** Runs SQL on the database of the gateway. */
    void change(String sql, Object... values) {
        try (var store = Store.open(new Database.Sqlite(storage.resolve("whatsapp.db")))) {
            store.write(tx -> tx.update(sql, values));
        }
    }
}
