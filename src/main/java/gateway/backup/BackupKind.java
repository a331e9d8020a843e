package gateway.backup;

/** What a run writes: everything, or what has changed since the backup before. */
public sealed interface BackupKind {
    /** Everything. */
    BackupKind FULL = new Full();

    /** Everything. */
    record Full() implements BackupKind {}

    /**
     * What has changed, where that is possible. The first run at or after the hour of each day writes everything.
     *
     * @param hour of the day in UTC
     */
    record Increment(int hour) implements BackupKind {}
}
