package gateway.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;

import gateway.backup.BackupChain;
import gateway.backup.BackupFile;
import gateway.backup.Manifest;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** Backups as a person reads them. */
final class BackupTexts {
    static final double MEGABYTE = 1e6;

    private BackupTexts() {}

    /** Prints the backups of a place as a table. */
    static void print(ChosenBackup chosen, ChosenBackup.Place place, PrintWriter out) {
        var all = place.list();
        var list = new Listing("FILE", "TIME", "SIZE", "KIND");
        for (var backup : chosen.list(place)) {
            // The list of a place on another machine has names alone.
            list.row(
                    backup.path(),
                    backup.time(),
                    place instanceof ChosenBackup.Place.Here ? size(backup) : "unknown",
                    kind(backup, all));
        }
        list.print(out);
    }

    private static String kind(BackupFile backup, List<BackupFile> all) {
        if (!backup.isIncrement()) {
            return "full";
        }
        try {
            BackupChain.of(backup, all);
            return "increment " + backup.number();
        } catch (ExplainedFault missing) {
            return "increment " + backup.number() + ", useless: one before it is missing";
        }
    }

    private static String size(BackupFile backup) {
        try {
            return String.format("%.1f MB", Files.size(backup.path()) / MEGABYTE);
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + backup.path() + " cannot be read", e, backup.path());
        }
    }

    /** What a backup holds, in a few words. */
    static String told(Manifest about) {
        long rows = about.databases().stream()
                .flatMap(database -> database.rows().values().stream())
                .mapToLong(Long::longValue)
                .sum();
        return "of " + about.host() + ", " + about.time() + ", version " + about.gateway() + ", " + rows + " rows";
    }
}
