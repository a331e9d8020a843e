package gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The rotated files beside a log, as logrotate names them: {@code security.log.1}, {@code security.log-20260101.gz}.
 */
final class RotatedFiles {
    /** More than any line; a plain file is looked at from here on. */
    private static final int TAIL_BYTES = 256 * 1024;

    private final Path log;

    RotatedFiles(Path log) {
        this.log = log;
    }

    /** Whether the file that a log once was stands among them, under whatever name. */
    boolean holds(Object identity) throws IOException {
        for (var file : files()) {
            if (identity.equals(identity(file))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the last line of one of them has this seal. */
    boolean endsWith(String seal) throws IOException {
        for (var file : files()) {
            if (seal.equals(lastSeal(file))) {
                return true;
            }
        }
        return false;
    }

    /** The seal of a file's last whole line; empty when it has none. */
    static String lastSeal(Path file) throws IOException {
        var last = Optional.<AuditLine>empty();
        if (file.toString().endsWith(".gz")) {
            try (var lines = new LogLines(file)) {
                while (lines.next()) {
                    last = lines.line();
                }
            }
        } else {
            var tail = Tail.of(file, TAIL_BYTES);
            int end = tail.lastIndexOf('\n');
            var text = end < 0 ? "" : tail.substring(tail.lastIndexOf('\n', end - 1) + 1, end);
            last = AuditLine.parse(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
        }
        return last.map(AuditLine::h).orElse("");
    }

    private List<Path> files() throws IOException {
        try (var entries = Files.newDirectoryStream(log.toAbsolutePath().getParent(), log.getFileName() + "[.-]*")) {
            return java.util.stream.StreamSupport.stream(entries.spliterator(), false)
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    /** Tells a file from every other of its disk, whatever its name. */
    static Object identity(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return "gone";
        }
    }
}
