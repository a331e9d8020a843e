package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import gateway.process.DiskTrouble;

/**
 * Why SQLite did not open or read its file, by its primary result code (sqlite.org/rescode.html). Only a page that the
 * library itself calls corrupt is damage: what the disk refuses says nothing of what lies on it.
 */
final class SqliteTrouble {
    private static final String KEEP = "Copy it with its -wal to a safe place before anything else, ";

    private SqliteTrouble() {}

    /** The fault in one sentence with its remedy. */
    static StoreFault fault(Path file, Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return of(file, sqlite);
            }
            if (cause instanceof IOException io) {
                return disk(file, DiskTrouble.of(io, file), failure);
            }
        }
        return disk(file, DiskTrouble.ofDisk(file), failure);
    }

    private static StoreFault of(Path file, SQLiteException failure) {
        var primary = failure.getResultCode().code & 0xFF;
        if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return damaged(file, failure);
        }
        if (primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new StoreFault(
                    "The database " + file + " is damaged or not a database: its first page is none of SQLite's. "
                            + KEEP
                            + "then restore the last backup, or name another file with DB_URI; nothing was changed.",
                    failure);
        }
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return disk(file, DiskTrouble.NO_ROOM, failure);
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return StoreFault.passing(
                    "The database " + file + " is locked by another program. Let that one end: fuser -v " + file
                            + "; nothing was changed.",
                    failure);
        }
        var told = DiskTrouble.ofDisk(file);
        return disk(
                file,
                told != DiskTrouble.OTHER
                        ? told
                        : primary == SQLiteErrorCode.SQLITE_READONLY.code
                                        || primary == SQLiteErrorCode.SQLITE_PERM.code
                                        || primary == SQLiteErrorCode.SQLITE_AUTH.code
                                ? DiskTrouble.PERMISSION
                                : primary == SQLiteErrorCode.SQLITE_IOERR.code
                                        ? DiskTrouble.INPUT_OUTPUT
                                        : primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                                                ? cannotOpen(file)
                                                : DiskTrouble.OTHER,
                failure);
    }

    private static DiskTrouble cannotOpen(Path file) {
        return Files.isReadable(file) && Files.isWritable(file)
                ? DiskTrouble.NO_DESCRIPTORS
                : Files.exists(file) ? DiskTrouble.PERMISSION : DiskTrouble.MISSING;
    }

    private static StoreFault disk(Path file, DiskTrouble trouble, Throwable failure) {
        var sentence = "The database " + file + " cannot be opened: " + trouble.words() + ". " + trouble.remedy()
                + " Nothing was changed.";
        return trouble.isPassing() ? StoreFault.passing(sentence, failure) : new StoreFault(sentence, failure);
    }

    /** Damage that an integrity check or the library itself has shown. */
    static StoreFault damaged(Path file, @Nullable Throwable cause) {
        return new StoreFault(
                "The database " + file + " is damaged: pages in it contradict each other. " + KEEP
                        + "then restore the last backup; nothing was changed.",
                cause);
    }
}
