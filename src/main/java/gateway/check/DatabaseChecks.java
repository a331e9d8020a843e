package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;
import gateway.config.DatabaseSetting;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.DatabaseSetting.Sqlite;
import gateway.config.Origin;

/** Checks of the database: who may open it, how it is reached, whether it answers. */
final class DatabaseChecks {
    private static final List<String> BESIDE = List.of("", "-wal", "-shm");

    private DatabaseChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "database-credentials",
                        Area.DATABASE,
                        Severity.HIGH,
                        List.of("A-DB-1"),
                        "owner and mode of the SQLite files and their directory; for PostgreSQL the origin of the password",
                        Running.SETTINGS_REMEDY,
                        DatabaseChecks::credentials),
                new Check(
                        "database-permissions",
                        Area.DATABASE,
                        Severity.HIGH,
                        List.of("A-DB-2"),
                        "owners of the SQLite file, its directory and the program",
                        Running.SETTINGS_REMEDY,
                        DatabaseChecks::permissions),
                new Check(
                        "database-tls",
                        Area.DATABASE,
                        Severity.HIGH,
                        List.of("A-DB-3"),
                        "setting DB_URI",
                        Running.SETTINGS_REMEDY,
                        DatabaseChecks::tls),
                new Check(
                        "database-answers",
                        Area.DATABASE,
                        Severity.MEDIUM,
                        List.of("B-WEEK-3"),
                        "SQLite's journal mode, schema version and the table of accounts",
                        Running.START,
                        DatabaseChecks::answers));
    }

    private static Verdict credentials(Evidence evidence) {
        return switch (database(evidence)) {
            case Sqlite sqlite -> {
                var wrong = new ArrayList<String>();
                var directory = directory(sqlite);
                var place = evidence.file(directory)
                        .orElseThrow(() -> new Unseen("the directory " + directory + " does not exist yet"));
                if (!place.isOwnersOnly()) {
                    wrong.add(directory + " has mode " + place.octal());
                }
                int files = 0;
                for (var suffix : BESIDE) {
                    var file = directory.resolve(sqlite.file().getFileName() + suffix);
                    var facts = evidence.file(file);
                    if (facts.isPresent()) {
                        files++;
                        if (!facts.get().isOwnersOnly()) {
                            wrong.add(file + " has mode " + facts.get().octal());
                        }
                    }
                }
                if (files == 0) {
                    throw new Unseen("there is no database " + sqlite.file() + " yet");
                }
                yield Verdict.of(
                        wrong,
                        directory + " has mode " + place.octal() + ", its " + files + " files are the owner's alone",
                        "chmod -R go= " + directory);
            }
            case Postgres server -> {
                var open = evidence.configuration().values().stream()
                        .filter(value ->
                                value.name().equals("DB_URI") || value.name().equals("DB_PASSWORD"))
                        .filter(value -> value.origin().kind() == Origin.Kind.ENVIRONMENT
                                || value.origin().kind() == Origin.Kind.FLAG
                                || value.origin().kind() == Origin.Kind.DOTENV)
                        .filter(value -> server.password().isPresent())
                        .map(value -> value.name() + " comes from " + value.origin())
                        .toList();
                yield Verdict.of(open, "the password comes from a file or a secret store", "whatsapp config check");
            }
        };
    }

    private static Verdict permissions(Evidence evidence) {
        if (!(database(evidence) instanceof Sqlite sqlite)) {
            throw new Unseen("PostgreSQL is not asked for the role's rights yet");
        }
        var directory = directory(sqlite);
        var place = evidence.file(directory)
                .orElseThrow(() -> new Unseen("the directory " + directory + " does not exist yet"));
        var file = evidence.file(directory.resolve(sqlite.file().getFileName()))
                .orElseThrow(() -> new Unseen("there is no database " + sqlite.file() + " yet"));
        var wrong = new ArrayList<String>();
        if (!place.owner().equals(file.owner())) {
            wrong.add(directory + " belongs to " + place.owner() + ", the database to " + file.owner());
        }
        if (file.owner().equals("root")) {
            wrong.add("the database belongs to root");
        }
        for (var program : List.of("/opt/whatsapp/lib", "/opt/whatsapp/runtime")) {
            evidence.file(Path.of(program))
                    .filter(facts -> facts.owner().equals(file.owner()) || facts.isOpenToOthers() && writable(facts))
                    .ifPresent(facts -> wrong.add("the owner of the database may change " + program));
        }
        return Verdict.of(
                wrong,
                "database and directory belong to " + file.owner() + ", who may change no program",
                "chown -R root:root /opt/whatsapp/lib /opt/whatsapp/runtime");
    }

    private static boolean writable(Evidence.FileFacts facts) {
        return (facts.mode() & 0002) != 0;
    }

    private static Verdict tls(Evidence evidence) {
        return switch (database(evidence)) {
            case Sqlite sqlite ->
                new Verdict.NotApplicable("the database is the file " + sqlite.file() + ", reached over no network");
            case Postgres server -> {
                boolean local = server.host().startsWith("/")
                        || server.host().equals("localhost")
                        || server.host().equals("127.0.0.1")
                        || server.host().equals("::1");
                var seen = "PostgreSQL on " + server.host() + " with sslmode "
                        + server.tls().sslmode();
                yield switch (server.tls()) {
                    case VERIFY_FULL -> new Verdict.Pass(seen);
                    case VERIFY_CA ->
                        new Verdict.Warn(seen + " does not compare the server's name", Running.SETTINGS_REMEDY);
                    case DISABLE, ALLOW, PREFER, REQUIRE ->
                        local
                                ? new Verdict.NotApplicable(seen + ", on this machine")
                                : new Verdict.Fail(seen + " proves no identity", Running.SETTINGS_REMEDY);
                };
            }
        };
    }

    private static Verdict answers(Evidence evidence) {
        var mode = evidence.rows("PRAGMA journal_mode").getFirst().getFirst();
        var accounts = evidence.rows("SELECT count(*) FROM device").getFirst().getFirst();
        var seen = "journal mode " + mode + ", " + accounts + " accounts";
        return mode.equals("wal")
                ? new Verdict.Pass(seen)
                : new Verdict.Fail(seen + ": a crash may lose what was accepted", "systemctl restart whatsapp");
    }

    private static DatabaseSetting database(Evidence evidence) {
        return Running.settings(evidence).storage().database();
    }

    private static Path directory(Sqlite sqlite) {
        var parent = sqlite.file().toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
