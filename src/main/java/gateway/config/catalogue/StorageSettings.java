package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.define;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import gateway.config.DatabaseSetting;
import gateway.config.Secret;

/** The directory of storage, the security log, the reports of the checklist and the database. */
public final class StorageSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<Path> APP_STORAGE_DIR = define("APP_STORAGE_DIR", Parsers::path)
            .flags("--storage-dir")
            .adminFlags("--storage-dir")
            .label("DIR")
            .fallback("storages")
            .help("directory of database, media and keys")
            .in(ALL);
    public static final Setting<Path> APP_SECURITY_LOG = define("APP_SECURITY_LOG", Parsers::path)
            .label("FILE")
            .fallback(
                    "security.log in APP_STORAGE_DIR",
                    earlier -> earlier.find(APP_STORAGE_DIR)
                            .map(directory -> directory.resolve("security.log").toString()))
            .help("file of the security log")
            .in(ALL);
    public static final Setting<Path> APP_CHECK_REPORTS = define("APP_CHECK_REPORTS", Parsers::path)
            .label("DIR")
            .fallback("/var/lib/whatsapp-check/reports")
            .help("directory of the reports that whatsapp check keeps; the console shows them")
            .in(ALL);
    public static final Setting<DatabaseSetting> DB_URI = define("DB_URI", DatabaseParser::parse)
            .flags("--db-uri")
            .nature(SECRET)
            .label("URI")
            .show(DatabaseParser::mask)
            .fallback(
                    "file:APP_STORAGE_DIR/whatsapp.db",
                    earlier -> earlier.find(APP_STORAGE_DIR).map(StorageSettings::databaseIn))
            .help("file:PATH or postgresql://user:password@host:5432/name?sslmode=verify-full")
            .in(ALL);
    public static final Setting<Boolean> APP_ACCEPT_DATABASE = define("APP_ACCEPT_DATABASE", Parsers::flag)
            .label("BOOL")
            .fallback("false")
            .help("true starts with a database that is empty, or older than the files beside it")
            .in(ALL);
    public static final Setting<Secret> DB_PASSWORD = define("DB_PASSWORD", Parsers::password)
            .nature(SECRET)
            .show(text -> Secret.MASK)
            .help("password of the user in DB_URI, as it is: nothing to percent-encode")
            .in(ALL);

    private StorageSettings() {}

    private static String databaseIn(Path directory) {
        return "file:"
                + directory
                        .resolve("whatsapp.db")
                        .toString()
                        .replace("%", "%25")
                        .replace("?", "%3F")
                        .replace("#", "%23");
    }
}
