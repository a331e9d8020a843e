package gateway.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

import gateway.process.DiskTrouble;

/**
 * Whether a database is the one that belongs to what lies beside it. An empty one beside old keys and media was lost or
 * mistaken. One whose number ({@code PRAGMA user_version}) is below the mark beside it lost commits: each was on disk
 * before the mark was written, so they went with a write-ahead log that was removed, or an older copy was put in its
 * place.
 *
 * <p>What cannot be noticed: commits since the last mark, which is written at each start and once a minute while there
 * are writes, and which a log's removal takes together with the log; and anything in a directory whose mark is removed
 * as well.
 *
 * @param directory the storage directory
 * @param accepted  whether the operator takes the database as it is
 */
public record Continuity(Path directory, boolean accepted) {
    private static final String MARK = "whatsapp.db-mark";
    private static final String REMEDY =
            " Put the lost file back, or restore the last backup of the whole storage directory. "
                    + "If it is meant to be so, start once with APP_ACCEPT_DATABASE=true. Nothing was changed.";

    /** For tools and tests that open a file wherever it lies. */
    static Continuity unwatched(Path file) {
        return new Continuity(Objects.requireNonNull(file.toAbsolutePath().getParent()), true);
    }

    /**
     * Refuses an empty database where a gateway has been at work.
     *
     * @param name what it is called in the sentence
     */
    void refuseEmpty(String name) {
        if (accepted) {
            return;
        }
        var traces = traces();
        if (!traces.isEmpty()) {
            throw new StoreFault("The database " + name + " is empty, but a gateway has worked in " + directory
                    + " before: there is " + String.join(", ", traces) + "." + REMEDY);
        }
    }

    /** Refuses a missing or empty file of SQLite, before SQLite would remove the log that may hold all of it. */
    void refuseEmpty(Path file) {
        if (accepted) {
            return;
        }
        var log = SqliteFile.beside(file, "-wal");
        if (size(log) > 0) {
            throw new StoreFault(
                    "The database " + file + " is empty, but its write-ahead log " + log + " is not." + REMEDY);
        }
        refuseEmpty(file.toString());
    }

    /** Refuses a database that is older than its mark. */
    void refuseOlder(Path file, DataSource source) {
        var mark = mark(file);
        if (accepted || mark.isEmpty()) {
            return;
        }
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var number = statement.executeQuery("PRAGMA user_version")) {
            if (number.next() && number.getInt(1) < mark.get()) {
                throw new StoreFault("The database " + file + " is older than " + markFile(file)
                        + " says: commits are missing, because its " + "write-ahead log "
                        + SqliteFile.beside(file, "-wal").getFileName()
                        + " was removed or an older copy is in its place." + REMEDY);
            }
        } catch (SQLException e) {
            throw SqliteTrouble.fault(file, e);
        }
    }

    static Path markFile(Path file) {
        return file.resolveSibling(
                file.getFileName().toString().equals("whatsapp.db") ? MARK : file.getFileName() + "-mark");
    }

    private static Optional<Integer> mark(Path file) {
        try {
            var text =
                    Files.readString(markFile(file), StandardCharsets.US_ASCII).strip();
            return text.matches("[0-9]{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw DiskTrouble.fault("The mark " + markFile(file) + " cannot be read", e, file);
        }
    }

    /**
     * What only a gateway that had a database leaves behind. An Admin API, which has none, may use the same directory.
     */
    private List<String> traces() {
        var found = new ArrayList<String>();
        Stream.of(MARK, "webhook.key", "accounts.generation", "secrets/taken.rest")
                .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .forEach(found::add);
        try (var accounts = Files.list(directory.resolve("media"))) {
            accounts.filter(account -> !account.getFileName().toString().startsWith(".") && isFilled(account))
                    .limit(1)
                    .forEach(account -> found.add("media/" + account.getFileName()));
        } catch (IOException none) {
            return found;
        }
        return found;
    }

    private static boolean isFilled(Path account) {
        try (var files = Files.list(account)) {
            return files.findAny().isPresent();
        } catch (IOException notADirectory) {
            return false;
        }
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException absent) {
            return 0;
        }
    }
}
