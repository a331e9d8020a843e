package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.CheckRun;
import gateway.check.Checks;
import gateway.check.Report.Kind;

/** The real evidence of a machine that has neither an edge nor a database that the command asks. */
class HalfMachineTest {
    /** What reads the gateway's database. */
    private static final Set<String> ROWS = Set.of(
            "password-length", "api-token-length", "webhook-https", "webhook-secret-length", "database-permissions");

    @TempDir
    Path directory;

    @Test
    void whatThePostgresqlDatabaseHoldsIsUnknownWithTheReasonAndNeverAPass() {
        var machine = new CheckTools(
                        Map.of(
                                "APP_PROFILE",
                                "development",
                                "APP_STORAGE_DIR",
                                directory.toString(),
                                "APP_BASIC_AUTH",
                                "admin:wharf-lantern-oblique-71-tundra",
                                "DB_URI",
                                "postgresql://gateway:hunter2-hunter2@127.0.0.1:1/gateway?sslmode=disable"),
                        directory)
                .open();
        var results = new CheckRun(machine, CheckRun.LIMIT)
                .of(
                        Checks.of(false).stream()
                                .filter(check -> ROWS.contains(check.name()))
                                .toList(),
                        done -> {});
        assertEquals(ROWS.size(), results.size());
        assertEquals(
                List.of(),
                results.stream()
                        .filter(result -> Kind.of(result.verdict()) == Kind.PASS)
                        .map(result -> result.check().name() + ": " + result.verdict())
                        .toList());
        assertTrue(
                results.stream()
                        .anyMatch(result ->
                                result.verdict().evidence().contains("PostgreSQL is not asked by this command")),
                results.toString());
        assertTrue(results.stream().noneMatch(result -> result.toString().contains("hunter2")), "no secret is told");
    }
}
