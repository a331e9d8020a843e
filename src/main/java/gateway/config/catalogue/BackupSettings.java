package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.LIST;
import static gateway.config.catalogue.Setting.define;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import gateway.config.BackupAddress;
import gateway.config.Invalid;

/** Where backups go, who can open them, and how many are kept. */
public final class BackupSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();
    private static final int MAX_KEPT = 1_000;
    private static final int MAX_HOUR = 23;
    private static final int MAX_REASON = 200;

    public static final Setting<Path> WHATSAPP_BACKUP_DIRECTORY = define("WHATSAPP_BACKUP_DIRECTORY", Parsers::path)
            .label("DIR")
            .help("directory that whatsapp backup writes to; on another disk than APP_STORAGE_DIR")
            .in(ALL);
    public static final Setting<List<BackupAddress>> WHATSAPP_BACKUP_COPIES = define(
                    "WHATSAPP_BACKUP_COPIES", Parsers.list(BackupAddressParser::parse))
            .nature(LIST)
            .label("ADDRESSES")
            .help("places on other machines that get a copy of each backup, s3://… or sftp://…; several after commas")
            .in(ALL);
    public static final Setting<List<Path>> WHATSAPP_BACKUP_RECIPIENTS = define(
                    "WHATSAPP_BACKUP_RECIPIENTS", Parsers.list(Parsers::path))
            .nature(LIST)
            .label("FILES")
            .help("OpenPGP public keys that backups are encrypted to, files of gpg --export; several after commas")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_BACKUP_KEEP_LAST = define(
                    "WHATSAPP_BACKUP_KEEP_LAST", Parsers.count(1, MAX_KEPT))
            .label("COUNT")
            .fallback("3")
            .help("newest backups that are kept in any case")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_BACKUP_KEEP_DAILY = define(
                    "WHATSAPP_BACKUP_KEEP_DAILY", Parsers.count(0, MAX_KEPT))
            .label("COUNT")
            .fallback("7")
            .help("days with backups of which the newest one is kept")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_BACKUP_KEEP_WEEKLY = define(
                    "WHATSAPP_BACKUP_KEEP_WEEKLY", Parsers.count(0, MAX_KEPT))
            .label("COUNT")
            .fallback("4")
            .help("weeks with backups of which the newest one is kept")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_BACKUP_KEEP_MONTHLY = define(
                    "WHATSAPP_BACKUP_KEEP_MONTHLY", Parsers.count(0, MAX_KEPT))
            .label("COUNT")
            .fallback("6")
            .help("months with backups of which the newest one is kept")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_BACKUP_FULL_HOUR = define(
                    "WHATSAPP_BACKUP_FULL_HOUR", Parsers.count(0, MAX_HOUR))
            .label("HOUR")
            .fallback("3")
            .help("hour in UTC from which the first backup of a day is a full one, for whatsapp backup --incremental")
            .in(ALL);
    public static final Setting<Path> WHATSAPP_BACKUP_METRICS = define("WHATSAPP_BACKUP_METRICS", Parsers::path)
            .label("DIR")
            .help("directory of the node exporter's text files, for the times of the last backup and drill")
            .in(ALL);

    public static final Setting<String> WHATSAPP_BACKUP_WAIVED = define(
                    "WHATSAPP_BACKUP_WAIVED", BackupSettings::reason)
            .label("REASON")
            .help("why this gateway has no backup of its own; whatsapp check shows the reason")
            .in(ALL);

    private BackupSettings() {}

    private static String reason(String text) throws Invalid {
        var reason = text.strip();
        if (reason.isEmpty() || reason.length() > MAX_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid("is not one line of 1 to " + MAX_REASON + " characters", "write why there is no backup");
        }
        return reason;
    }
}
