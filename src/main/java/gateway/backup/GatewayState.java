package gateway.backup;

import java.nio.file.Path;
import java.util.Map;

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
    /**
     * The settings in the form of {@code .env}; not read by the gateway, but by the person who sets up the new machine.
     */
    public static final String SETTINGS = "restored.env";

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
