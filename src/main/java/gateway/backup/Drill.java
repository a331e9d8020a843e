package gateway.backup;

import java.io.IOException;
import java.nio.file.Path;

import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** A restore for practice: into a scratch place inside the storage directory, which is gone afterwards. */
public final class Drill {
    private Drill() {}

    /**
     * Restores a backup as if the machine were lost, and counts what came back.
     *
     * @param storage the storage directory of the gateway that practises
     * @return what the backup says of itself, all of which was found
     * @throws ExplainedFault when the backup would not have helped
     */
    public static Manifest run(
            Path storage, Path file, SecretKeys keys, Restoration.Settling settling, BackupProgress progress) {
        var place = storage.resolve(BackupRun.PLACE);
        try (var _ = BackupRun.lock(place)) {
            BackupRun.clear(place, false);
            try {
                return Restoration.into(place.resolve("drill"), file, keys, settling, progress);
            } finally {
                BackupRun.clear(place, false);
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The drill cannot be done in " + place, e, place);
        }
    }
}
