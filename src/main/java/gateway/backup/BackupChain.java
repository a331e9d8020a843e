package gateway.backup;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import gateway.process.ExplainedFault;

/** A full backup and the increments behind it, up to the one that is asked for: together they are one state. */
public final class BackupChain {
    private final List<Path> links;

    private BackupChain(List<Path> links) {
        this.links = links;
    }

    /**
     * The chain of a file of this machine, whose links lie beside it. A file with a name of its own is alone.
     *
     * @throws ExplainedFault when a link is missing; it says what can be restored without that link
     */
    static BackupChain to(Path file) {
        var last = BackupFile.of(file);
        if (last.isEmpty() || !last.get().isIncrement() || !Files.exists(file)) {
            return new BackupChain(List.of(file));
        }
        var directory = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        return new BackupChain(of(last.get(), BackupDirectory.of(directory).list()).stream()
                .map(BackupFile::path)
                .toList());
    }

    /**
     * The links of a backup in the order in which they were made.
     *
     * @param all the backups of its place
     * @throws ExplainedFault when one is missing; it says what can be restored without that one
     */
    public static List<BackupFile> of(BackupFile last, List<BackupFile> all) {
        var links = all.stream()
                .filter(file -> file.isOfChain(last)
                        && (file.number() < last.number() || file.name().equals(last.name())))
                .sorted(Comparator.comparingInt(BackupFile::number))
                .toList();
        for (int number = 0; number <= last.number(); number++) {
            if (number >= links.size() || links.get(number).number() != number) {
                throw new ExplainedFault("The increment " + last.name() + " cannot be restored, because "
                        + (number == 0
                                ? "the full backup of " + last.base() + " that it needs is missing."
                                : "number " + number + " of the increments before it is missing.")
                        + remaining(links.subList(0, number)));
            }
        }
        return links;
    }

    /** What can still be restored, as the end of a message. */
    private static String remaining(List<BackupFile> sound) {
        return sound.isEmpty()
                ? " Nothing of that day can be restored; take an earlier full backup."
                : " The state of " + sound.getLast().time() + " can be restored: --at "
                        + sound.getLast().time() + ".";
    }

    /** What is done with the links, one after the other. */
    interface Taker {
        /** Takes the entries of a link. */
        BackupReader.Sink sink();

        /** Told when a link was read to its end and found good. */
        void good(Manifest.Sums sums);
    }

    /**
     * Reads all links, and compares each entry with its manifest, and each link with the one before.
     *
     * @return what the last one says of itself
     * @throws AlteredBackup when one is cut short, altered or of another chain; it says what can be restored
     */
    Manifest read(SecretKeys keys, Taker taker, BackupProgress progress) {
        var before = Optional.<BackupReader.Content>empty();
        for (int i = 0; i < links.size(); i++) {
            try {
                var content = BackupReader.read(
                        links.get(i), keys, new Compared(links.get(i), before, taker.sink()), progress);
                taker.good(content.last().sums());
                before = Optional.of(content);
            } catch (AlteredBackup e) {
                throw links.size() == 1 ? e : new AlteredBackup(e.getMessage() + remainingBefore(i), e);
            }
        }
        return before.orElseThrow().last().manifest();
    }

    private String remainingBefore(int link) {
        return remaining(links.subList(0, link).stream()
                .flatMap(path -> BackupFile.of(path).stream())
                .toList());
    }

    /** A link that must belong to the one before it. */
    private record Compared(Path link, Optional<BackupReader.Content> before, BackupReader.Sink sink)
            implements BackupReader.Sink {
        @Override
        public void about(Manifest about) {
            var follows = about.follows();
            if (before.isEmpty()) {
                if (follows.isPresent()) {
                    throw new ExplainedFault("The backup " + link + " is an increment behind "
                            + follows.get().name() + ". Put it under its own name beside that one.");
                }
            } else if (follows.isEmpty()
                    || !follows.get().manifest().equals(before.get().hash())
                    || !about.id().equals(before.get().last().manifest().id())) {
                throw new AlteredBackup("The backup " + link
                        + " does not follow the one before it: one of the two was replaced by another one.");
            }
            sink.about(about);
        }

        @Override
        public OutputStream entry(String name, long size) {
            return sink.entry(name, size);
        }
    }

    /**
     * Compares each link with the SHA-256 beside it.
     *
     * @throws AlteredBackup when one has another; it says what can be restored
     */
    void compareSums() {
        for (int i = 0; i < links.size(); i++) {
            try {
                BackupDirectory.compare(links.get(i));
            } catch (AlteredBackup e) {
                throw links.size() == 1 ? e : new AlteredBackup(e.getMessage() + remainingBefore(i), e);
            }
        }
    }
}
