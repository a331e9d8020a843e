package gateway.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Why the system did not read or write a file. The words of the C library are compared, and the disk is asked besides.
 */
public enum DiskTrouble {
    NO_ROOM("no room is left on its disk", "Make room; nothing in it has to be changed.", true),
    INPUT_OUTPUT(
            "the disk reports an input/output error",
            "Look at the disk (journalctl -k); keep every file as it is.",
            true),
    READ_ONLY("its file system is mounted read-only", "Look at why (journalctl -k), and mount it for writing.", true),
    NO_DESCRIPTORS("the process has no file descriptor left", "Raise LimitNOFILE (ulimit -n).", true),
    PERMISSION(
            "permission denied",
            "Let this user read and write it. A profile of AppArmor or SELinux must allow that, too.",
            false),
    SYMBOLIC_LINK("it is a symbolic link, and none is followed", "Put the file itself there.", false),
    MISSING("it does not exist", "Make it exist, or mount its disk.", false),
    OTHER("the file system refused", "Make it exist and writable for this user.", false);

    /** Less than a page of SQLite's and its place in an index; nothing can be written beside it. */
    private static final long MIN_ROOM = 64 << 10;

    private final String words;
    private final String remedy;
    private final boolean passing;

    DiskTrouble(String words, String remedy, boolean passing) {
        this.words = words;
        this.remedy = remedy;
        this.passing = passing;
    }

    /** Half a sentence that tells what is wrong. */
    public String words() {
        return words;
    }

    /** A sentence that tells what to do; it never advises to remove data. */
    public String remedy() {
        return remedy;
    }

    /** Whether it may be over by itself. */
    public boolean isPassing() {
        return passing;
    }

    /**
     * What stands behind a failure.
     *
     * @param file what was read or written; its disk is asked when the failure says too little
     */
    public static DiskTrouble of(IOException failure, Path file) {
        var text = (failure instanceof FileSystemException system && system.getReason() != null
                        ? system.getReason()
                        : String.valueOf(failure.getMessage()))
                .toLowerCase(Locale.ROOT);
        if (failure instanceof AccessDeniedException || text.contains("permission denied")) {
            return PERMISSION;
        }
        if (failure instanceof FileSystemLoopException
                || text.contains("too many levels of symbolic links")
                || failure instanceof NotDirectoryException && Files.isSymbolicLink(file)) {
            return SYMBOLIC_LINK;
        }
        if (failure instanceof NoSuchFileException) {
            return MISSING;
        }
        if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("file too large")) {
            return NO_ROOM;
        }
        if (text.contains("read-only file system")) {
            return READ_ONLY;
        }
        if (text.contains("input/output error")
                || text.contains("stale file handle")
                || text.contains("transport endpoint")) {
            return INPUT_OUTPUT;
        }
        if (text.contains("too many open files")) {
            return NO_DESCRIPTORS;
        }
        return ofDisk(file);
    }

    /** What the disk of a file says of itself: no room, read-only, or nothing in particular. */
    public static DiskTrouble ofDisk(Path file) {
        for (var place = file.toAbsolutePath(); place != null; place = place.getParent()) {
            try {
                var store = Files.getFileStore(place);
                return store.isReadOnly() ? READ_ONLY : store.getUsableSpace() < MIN_ROOM ? NO_ROOM : OTHER;
            } catch (IOException e) {
                // The file may not be there yet: its directory's disk is meant.
                continue;
            }
        }
        return OTHER;
    }

    /**
     * A failure as an explained fault.
     *
     * @param what the beginning of the sentence: a subject and «cannot be …»
     */
    public static ExplainedFault fault(String what, IOException failure, Path file) {
        var trouble = of(failure, file);
        var sentence = what + ": " + trouble.words + ". " + trouble.remedy;
        return trouble.passing ? new PassingFault(sentence, failure) : new ExplainedFault(sentence, failure);
    }
}
