package gateway.backup;

import gateway.process.ExitCode;
import gateway.process.ExplainedFault;

/** A backup that is not what was written: cut short or altered. The message names the file and the entry. */
public final class AlteredBackup extends ExplainedFault {
    AlteredBackup(String message, Throwable cause) {
        super(message, cause);
    }

    AlteredBackup(String message) {
        super(message);
    }

    @Override
    public int exitCode() {
        return ExitCode.FAILED;
    }
}
