package gateway.backup;

/** Whoever is told how far a backup or a restore has come. */
@FunctionalInterface
public interface BackupProgress {
    /** Tells nobody. */
    BackupProgress NONE = (done, total) -> {};

    /**
     * Told after each entry and now and then within one.
     *
     * @param done  bytes of content so far
     * @param total bytes of content that are expected; 0 when that is not known
     */
    void at(long done, long total);
}
