package gateway.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A command that writes to the log of a server that runs. */
final class OtherProcess {
    static final int LINES = 5;

    private OtherProcess() {}

    public static void main(String[] args) throws IOException {
        try (var log =
                new AuditLog(Path.of(args[0]), Path.of(args[1]), Clock.systemUTC(), line -> {}, AuditMetrics.NONE)) {
            for (int i = 0; i < LINES; i++) {
                log.write(AuditEntry.system(SecurityEvent.USER_CREATED, AuditEntry.SUCCESS, Map.of("n", "" + i)));
            }
        }
    }
}
