package gateway.reference;

import java.util.List;

/**
 * A file or directory that the program keeps in its storage directory.
 *
 * @param path below the storage directory; a directory ends with a slash, and capitals stand for names of the
 *     installation
 * @param mode    its permissions in octal
 * @param content what it holds, and who needs it
 */
record StoredFile(String path, String mode, String content) {
    static final List<StoredFile> ALL = List.of(
            new StoredFile("./", "0700", "the storage directory itself"),
            new StoredFile(".lock", "0600", "locked by the server that runs, so that a second server is refused"),
            new StoredFile("whatsapp.db", "0600", "the SQLite database, unless `DB_URI` names another one"),
            new StoredFile("whatsapp.db-wal", "0600", "its write-ahead log: newest commits, never to be removed"),
            new StoredFile("whatsapp.db-shm", "0600", "its index of that log, made anew when absent"),
            new StoredFile("whatsapp.db-mark", "0600", "how far the database was; an older database is refused"),
            new StoredFile("webhook.key", "0600", "the key of an earlier version for webhook secrets"),
            new StoredFile(
                    "accounts.generation", "0600", "a counter by which a running server notices changed credentials"),
            new StoredFile(
                    "password-of-this-run",
                    "0600",
                    "the credential of a run without a configured one and without a terminal"),
            new StoredFile("security.log", "0640", "the security log, unless `APP_SECURITY_LOG` names another file"),
            new StoredFile("audit.checkpoints", "0600", "signed checkpoints of the security log"),
            new StoredFile("audit/", "0700", "the keys of the security log"),
            new StoredFile("audit/audit.key", "0600", "the key that signs checkpoints"),
            new StoredFile("audit/audit.pub", "0600", "the key that verifies checkpoints"),
            new StoredFile("audit/audit.seed", "0600", "the first value of the chain of lines"),
            new StoredFile("audit/audit.salt", "0600", "the salt of addresses and names in the log"),
            new StoredFile(
                    "audit/audit.state", "0600", "where the chain of lines is, with the key of the present epoch"),
            new StoredFile("attestations/", "0700", "what persons attested of the security checklist"),
            new StoredFile("attestations/ITEM.json", "0600", "the sealed attestation of one item; in no backup"),
            new StoredFile("media/", "0700", "files that were received or sent"),
            new StoredFile("media/.incoming/", "0700", "files that are still being written"),
            new StoredFile("media/ACCOUNT/", "0700", "the files of one account"),
            new StoredFile("secrets/", "0700", "what rotations keep; belongs into every backup"),
            new StoredFile(
                    "secrets/encryption.key",
                    "0600",
                    "the key-encryption key, unless `WHATSAPP_ENCRYPTION_KEY` is set"),
            new StoredFile("secrets/ledger.json", "0600", "the ledger of rotations, with sealed secrets"),
            new StoredFile(
                    "secrets/taken.rest",
                    "0600",
                    "which secrets the running server has taken over; `taken.admin` for the Admin API"),
            new StoredFile(
                    "secrets/serving.rest", "0600", "locked while a server runs; `serving.admin` for the Admin API"),
            new StoredFile(
                    "backup/",
                    "0700",
                    "copies that a backup or a drill works on; empty in between but for the name of the gateway"),
            new StoredFile("backup/id", "0600", "the name of this gateway among backups"),
            new StoredFile("backup/index", "0600", "sizes and hashes of what the newest backup holds"),
            new StoredFile(
                    "restored.env",
                    "0600",
                    "the settings of the lost machine, between `restore` and `restore confirm`"),
            new StoredFile("instances/", "0700", "instances of the Admin API, one directory for each port"),
            new StoredFile("instances/.lock", "0600", "locked by the Admin API that runs"),
            new StoredFile("instances/.sealing", "0600", "locked while settings of an instance are sealed"),
            new StoredFile("instances/PORT/.env", "0600", "the settings of an instance, with sealed secrets"),
            new StoredFile("instances/PORT/storages/", "0700", "the storage directory of an instance"),
            new StoredFile("instances/PORT/stdout.log", "0600", "what the instance prints; `stderr.log` beside it"),
            new StoredFile("instances/removed/", "0700", "storage of deleted instances"));
}
