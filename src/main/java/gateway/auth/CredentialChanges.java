package gateway.auth;

import java.util.Map;
import java.util.function.Predicate;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * The steps of every change of users and tokens: the security log is written, the change is made, and every process on
 * the database is told by the generation.
 */
final class CredentialChanges {
    private final Store store;
    private final Generation generation;
    private final SecurityLog log;

    CredentialChanges(Store store, Generation generation, SecurityLog log) {
        this.store = store;
        this.generation = generation;
        this.log = log;
    }

    /**
     * Makes a change in one transaction, and moves the generation with it.
     *
     * @param work says whether it changed anything; what changed nothing, or was refused, leaves the generation as it
     *     is
     */
    void make(CredentialBook.By by, SecurityEvent event, Map<String, String> details, Predicate<Tx> work) {
        log.write(entry(by, event, AuditEntry.SUCCESS, details));
        boolean changed;
        try {
            changed = store.write(tx -> {
                if (!work.test(tx)) {
                    return false;
                }
                tx.update("UPDATE account_generation SET generation = generation + 1 WHERE id = 1");
                return true;
            });
        } catch (CredentialBook.Refused refused) {
            log.write(entry(by, event, AuditEntry.FAILURE, details));
            throw refused;
        } catch (RuntimeException failure) {
            // Whether a database that failed kept the change is not known here: everybody looks again.
            generation.changed();
            log.write(entry(by, event, AuditEntry.FAILURE, details));
            throw failure;
        }
        if (changed) {
            generation.changed();
        }
    }

    private static AuditEntry entry(
            CredentialBook.By by, SecurityEvent event, String outcome, Map<String, String> details) {
        return new AuditEntry(event, by.actor(), by.address(), by.requestId(), outcome, details);
    }
}
