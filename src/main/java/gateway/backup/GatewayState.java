package gateway.backup;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import gateway.secret.KeyRing;

/**
 * What a gateway keeps, and where.
 *
 * @param directory   the storage directory
 * @param database    the SQLite database
 * @param securityLog the security log; its checkpoints lie beside it
 * @param keys        the encryption keys, wherever they come from
 * @param settings    the settings that were given, with their texts, secrets in clear
 * @param version     of the program
 */
public record GatewayState(
        Path directory, Path database, Path securityLog, KeyRing keys, Map<String, String> settings, String version) {
    static final String DATABASE = "whatsapp.db";
    static final String KEYS = "secrets/encryption.key";
    static final String LOG = "security.log";
    static final String CHECKPOINTS = "audit.checkpoints";
    static final String MEDIA = "media";
    static final String INSTANCES = "instances";
    static final String ID = "backup/id";
    /** The end of an entry's name that has blocks of a file instead of the file. */
    static final String BLOCKS = ".blocks";
    /**
     * The settings in the form of {@code .env}; not read by the gateway, but by the person who sets up the new machine.
     */
    public static final String SETTINGS = "restored.env";

    /** The port of an instance, which is the name of its directory. */
    static final String PORT = "[1-9][0-9]{3,4}";

    private static final String STORAGES = "(instances/" + PORT + "/storages/)?";
    private static final Pattern DATABASES = Pattern.compile(STORAGES + "whatsapp\\.db");
    private static final Pattern MEDIA_FILES = Pattern.compile(STORAGES + "media/.+");
    private static final Pattern FILES = Pattern.compile(STORAGES
            + "(whatsapp\\.db|secrets/(encryption\\.key|ledger\\.json)|webhook\\.key|accounts\\.generation|backup/id"
            + "|audit/audit\\.(seed|key|pub|salt|state)|security\\.log|audit\\.checkpoints|media/[^/.][^/]*/[^/]+)"
            + "|instances/" + PORT + "/\\.(env|idempotency)|restored\\.env");

    /**
     * Whether a backup may hold an entry of that name. Any other name is refused, because a file beside a database, such
     * as {@code whatsapp.db-journal}, makes SQLite change the database or other files.
     */
    static boolean isFile(String name) {
        return TarInput.isName(name) && FILES.matcher(name).matches();
    }

    /** The file that an increment's entry of that name has blocks of; empty for an entry that is a whole file. */
    static Optional<String> patched(String entry) {
        return Optional.of(entry)
                .filter(name -> name.endsWith(BLOCKS) && !isFile(name))
                .map(name -> name.substring(0, name.length() - BLOCKS.length()))
                .filter(GatewayState::isFile);
    }

    /** Whether an increment may hold an entry of that name. */
    static boolean isEntry(String name) {
        return isFile(name) || patched(name).isPresent();
    }

    /** Whether a file of that name is of a message: it never changes. */
    static boolean isMedia(String name) {
        return MEDIA_FILES.matcher(name).matches();
    }

    /** Whether the entry of that name is a database, of the gateway itself or of an instance. */
    static boolean isDatabase(String name) {
        return DATABASES.matcher(name).matches();
    }

    /** An instance that runs in the storage directory of its Admin API. */
    static GatewayState instance(Path storage) {
        return new GatewayState(
                storage,
                storage.resolve(DATABASE),
                storage.resolve(LOG),
                KeyRing.file(storage.resolve(KEYS)),
                Map.of(),
                "");
    }

    /** The settings as {@code .env} has them; a line break in a list becomes a comma. */
    String settingsText() {
        var text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append("=\"")
                .append(value.strip()
                        .replaceAll("\\R+", ",")
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\""))
                .append("\"\n"));
        return text.toString();
    }
}
