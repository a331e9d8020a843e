package gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where backups go, who can open them, and how many are kept.
 *
 * @param copies     places on other machines that get a copy of each backup
 * @param recipients files of OpenPGP public keys
 * @param fullHour   the hour of the day in UTC at which increments begin with a full backup
 * @param metrics    the directory of the node exporter's text files
 * @param waived     why there is no backup, when that is on purpose
 */
public record BackupPlan(
        Optional<Path> directory,
        List<BackupAddress> copies,
        List<Path> recipients,
        int keepLast,
        int keepDaily,
        int keepWeekly,
        int keepMonthly,
        int fullHour,
        Optional<Path> metrics,
        Optional<String> waived) {}
