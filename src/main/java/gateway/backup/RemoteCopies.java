package gateway.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gateway.backup.remote.RemotePlace;
import gateway.config.SecretFile;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;
import gateway.store.FailPoint;

/**
 * Backups in a place on another machine. A copy counts when it was read back and its SHA-256 is that of what was sent;
 * the file with the SHA-256 is uploaded last, and says so.
 */
public final class RemoteCopies {
    private static final String SUM = ".sha256";
    /** Room that a copy leaves on the disk. */
    private static final long SPARE = 64 << 20;

    private final RemotePlace place;

    public RemoteCopies(RemotePlace place) {
        this.place = place;
    }

    /** The address for people, without any secret. */
    public String name() {
        return place.name();
    }

    /** All copies that were read back, the newest first; their paths are names. */
    public List<BackupFile> list() {
        return whole(place.files());
    }

    /**
     * The copies of each place that can be reached; a place that cannot be reached is no reason to copy to none.
     *
     * @throws ExplainedFault with the sentences of all places, when none can be reached
     */
    static List<List<BackupFile>> lists(List<RemoteCopies> places) {
        var lists = new ArrayList<List<BackupFile>>();
        var faults = new ArrayList<ExplainedFault>();
        for (var one : places) {
            try {
                lists.add(one.list());
            } catch (ExplainedFault e) {
                faults.add(e);
            }
        }
        if (lists.isEmpty() && !faults.isEmpty()) {
            throw all(faults);
        }
        return lists;
    }

    private static List<BackupFile> whole(SortedMap<String, Long> files) {
        return backups(files)
                .filter(file -> files.containsKey(file.path() + SUM))
                .sorted(Comparator.comparing(BackupFile::time)
                        .thenComparing(BackupFile::path)
                        .reversed())
                .toList();
    }

    private static Stream<BackupFile> backups(SortedMap<String, Long> files) {
        return files.keySet().stream().flatMap(name -> BackupFile.of(Path.of(name)).stream());
    }

    /**
     * Uploads a backup, reads it back, and removes copies that the retention has no use for. Backups that an increment
     * needs, and that an earlier failure has kept away from that place, are uploaded first.
     *
     * @param needed the backups of this machine that it needs, in their order
     * @param hash   the backup's SHA-256 in hexadecimal
     * @throws AlteredBackup when what comes back is something else; the earlier copies stay
     */
    void add(List<BackupFile> needed, BackupFile file, String hash, Retention retention) {
        sweep(file, file.name());
        var there = list().stream().map(BackupFile::name).toList();
        for (var link : needed) {
            if (!there.contains(link.name())) {
                upload(link, BackupDirectory.sum(link));
            }
        }
        upload(file, hash);
        prune(file, retention);
    }

    private void upload(BackupFile file, String hash) {
        var name = file.name();
        place.put(file.path(), name);
        FailPoint.reach("backup-uploaded");
        if (!hash.equals(readBack(file, name))) {
            place.delete(name);
            throw new AlteredBackup("The copy of " + name + " in " + place.name()
                    + " does not read back as it was sent. Look at that server;"
                    + " the copy was removed, and the earlier ones stay.");
        }
        FailPoint.reach("backup-compared");
        place.put(file.sum(), name + SUM);
    }

    private String readBack(BackupFile file, String name) {
        try (var digested = new Digested(OutputStream.nullOutputStream())) {
            place.get(name, Files.size(file.path()), digested);
            return digested.hash();
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file.path() + " cannot be read", e, file.path());
        }
    }

    /** Removes what earlier runs of this gateway left unfinished; none may be under way. */
    private void sweep(BackupFile next, String name) {
        place.sweep("whatsapp-" + next.id() + "-");
        var files = place.files();
        for (var file :
                backups(files).filter(file -> file.id().equals(next.id())).toList()) {
            if (!files.containsKey(file.path() + SUM)) {
                place.delete(file.path().toString());
            }
        }
        if (files.containsKey(name + SUM)) {
            throw new ExplainedFault("The place " + place.name() + " has a backup " + name
                    + " already, and it is not replaced. Look at this machine's clock.");
        }
    }

    private void prune(BackupFile newest, Retention retention) {
        var mine = list().stream().filter(file -> file.id().equals(newest.id())).toList();
        var named = BackupFile.of(newest.path().getFileName()).orElseThrow();
        for (var old : retention.surplus(mine, named)) {
            place.delete(old.path() + SUM);
            place.delete(old.path().toString());
        }
    }

    /**
     * Looks whether a copy is what was written.
     *
     * @throws AlteredBackup when it has another SHA-256
     */
    public void verify(BackupFile copy) {
        try (var digested = new Digested(OutputStream.nullOutputStream())) {
            take(copy, size(copy), digested);
        } catch (IOException e) {
            throw new IllegalStateException("Nothing is written", e);
        }
    }

    /** The copy's size, as the list tells it. More is never read: a server could send without end. */
    private long size(BackupFile copy) {
        var size = place.files().get(copy.path().toString());
        if (size == null) {
            throw new ExplainedFault("There is no copy " + copy.path() + " in " + place.name() + ".");
        }
        return size;
    }

    /** Reads a copy, and gives the SHA-256 that it has and that stands beside it. */
    private String take(BackupFile copy, long size, Digested into) throws IOException {
        place.get(copy.path().toString(), size, into);
        var sum = sum(copy);
        if (!into.hash().equals(sum)) {
            throw new AlteredBackup("The copy of " + copy.path() + " in " + place.name()
                    + " is cut short or was altered: its SHA-256 is another one.");
        }
        return sum;
    }

    private String sum(BackupFile copy) throws IOException {
        var text = new ByteArrayOutputStream();
        place.get(copy.path() + SUM, BackupDirectory.MAX_SUM, text);
        var sum = BackupDirectory.SUM.matcher(text.toString(StandardCharsets.UTF_8));
        if (!sum.matches()) {
            throw new ExplainedFault("The file " + copy.path() + SUM + " in " + place.name() + " holds no SHA-256.");
        }
        return sum.group(1);
    }

    /**
     * Brings a copy into a directory, with its SHA-256 beside it.
     *
     * @return the file
     * @throws AlteredBackup when it is something else than was written; the directory is as before
     * @throws PassingFault when the disk has no room for it; nothing is written then
     */
    public Path fetch(BackupFile copy, Path directory) {
        var file = BackupFile.of(directory.resolve(copy.path())).orElseThrow();
        try {
            if (Files.exists(file.path())) {
                throw new ExplainedFault("There is a file " + file.path() + " already, and it is not replaced.");
            }
            Files.deleteIfExists(file.partial());
            long size = size(copy);
            refuseWithoutRoom(copy, size, directory);
            String sum;
            try (var channel = FileChannel.open(
                            file.partial(),
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    var out = new Digested(Channels.newOutputStream(channel))) {
                sum = take(copy, size, out);
                channel.force(true);
            }
            SecretFile.write(file.sum(), sum + "  " + copy.path() + "\n");
            Files.move(file.partial(), file.path(), StandardCopyOption.ATOMIC_MOVE);
            return file.path();
        } catch (IOException e) {
            throw forgetting(
                    file.partial(), DiskTrouble.fault("The backup cannot be brought into " + directory, e, directory));
        } catch (ExplainedFault e) {
            throw forgetting(file.partial(), e);
        }
    }

    /** Refuses before the first byte; what the server's list says is only believed as a bound. */
    private static void refuseWithoutRoom(BackupFile copy, long size, Path directory) throws IOException {
        long room = Files.getFileStore(directory).getUsableSpace() - SPARE;
        if (size > room) {
            throw new PassingFault("The backup " + copy.path() + " has " + size + " bytes, and the disk of " + directory
                    + " has room for " + Math.max(0, room) + ". Make room, or name a directory on another disk.");
        }
    }

    /** The fault, after its unfinished file was removed; that it could not be removed stands behind the fault. */
    private static ExplainedFault forgetting(Path partial, ExplainedFault fault) {
        try {
            Files.deleteIfExists(partial);
            return fault;
        } catch (IOException e) {
            return all(List.of(
                    fault, DiskTrouble.fault("The unfinished file " + partial + " cannot be removed", e, partial)));
        }
    }

    /**
     * Adds a backup to each place, whatever happens at the others.
     *
     * @param needed the backups of this machine that it needs
     * @throws ExplainedFault with the sentences of all places that failed
     */
    static void add(
            List<RemoteCopies> places, List<BackupFile> needed, BackupFile file, String hash, Retention retention) {
        var faults = new ArrayList<ExplainedFault>();
        for (var one : places) {
            try {
                one.add(needed, file, hash, retention);
            } catch (ExplainedFault e) {
                faults.add(e);
            }
        }
        if (!faults.isEmpty()) {
            throw all(faults);
        }
    }

    /** Several faults as one, which tells each: an operator mends what the sentence says, and reads no stack trace. */
    private static ExplainedFault all(List<ExplainedFault> faults) {
        if (faults.size() == 1) {
            return faults.getFirst();
        }
        var told = faults.stream().map(ExplainedFault::getMessage).collect(Collectors.joining(" "));
        boolean altered = faults.stream().anyMatch(AlteredBackup.class::isInstance);
        boolean passing = faults.stream().allMatch(ExplainedFault::isPassing);
        return altered ? new AlteredBackup(told) : passing ? new PassingFault(told) : new ExplainedFault(told);
    }
}
