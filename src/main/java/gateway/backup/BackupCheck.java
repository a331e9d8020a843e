package gateway.backup;

import java.nio.file.Path;

import gateway.process.ExplainedFault;

/**
 * Looks whether a backup is what was written, and keeps nothing of it. With an increment, that includes all backups
 * which it needs.
 */
public final class BackupCheck {
    private static final BackupChain.Taker NOTHING = new BackupChain.Taker() {
        @Override
        public BackupReader.Sink sink() {
            return BackupReader.NOWHERE;
        }

        @Override
        public void good(Manifest.Sums sums) {
            // Nothing was kept.
        }
    };

    private BackupCheck() {}

    /**
     * Compares the file with the SHA-256 beside it, without any key.
     *
     * @throws AlteredBackup when it is another one
     * @throws ExplainedFault when there is no SHA-256
     */
    public static void sum(Path file) {
        BackupChain.to(file).compareSums();
    }

    /**
     * Decrypts the whole file, and compares each entry with the manifest.
     *
     * @return what the backup says of itself
     * @throws AlteredBackup when it is cut short or altered
     * @throws ExplainedFault when none of the keys opens it
     */
    public static Manifest entries(Path file, SecretKeys keys, BackupProgress progress) {
        return BackupChain.to(file).read(keys, NOTHING, progress);
    }
}
