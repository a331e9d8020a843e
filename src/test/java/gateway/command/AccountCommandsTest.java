package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.auth.Argon2;
import gateway.auth.CredentialBook;
import gateway.auth.Generation;
import gateway.auth.PasswordPolicy;
import gateway.store.Database;
import gateway.store.Store;

class AccountCommandsTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final String typed = PasswordPolicy.generate();
    private OpenCredentials.Configured configured = OpenCredentials.Configured.NOTHING;

    private OpenCredentials open() {
        try {
            var store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
            var log = new AuditLog(
                    directory.resolve("security.log"),
                    directory.resolve("audit"),
                    Clock.systemUTC(),
                    line -> {},
                    AuditMetrics.NONE);
            var book = new CredentialBook(
                    store, Generation.shared(directory.resolve("accounts.generation")), log, Clock.systemUTC());
            return new OpenCredentials(book, configured, () -> {
                log.close();
                store.close();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(Object command, String... args) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private UserCommand user() {
        return new UserCommand(this::open, () -> Optional.of(typed));
    }

    @Test
    void aUserIsAddedListedGivenAPasswordAndRevoked() {
        assertEquals(0, run(user(), "add", "ada", "--scopes", "send,read"));
        assertEquals(2, run(user(), "add", "ada"), "a name is taken once");
        assertEquals(0, run(user(), "passwd", "ada", "--overlap", "PT24H"));
        assertEquals(0, run(user(), "list"));
        assertTrue(out.toString().contains("""
                NAME  SCOPES     DEVICE  PASSWORDS  LAST USED  SOURCE
                ada   send,read  all     2          never      database
                """), out.toString());
        assertEquals(0, run(user(), "revoke", "ada"));
        assertEquals(2, run(user(), "revoke", "ada"));
        assertFalse(out.toString().contains(typed) || err.toString().contains(typed));
    }

    @Test
    void aPasswordIsNeverAnArgument() {
        assertEquals(2, run(user(), "add", "ada", typed));
        assertEquals(2, run(user(), "hash-password", typed));
    }

    @Test
    void withoutAPasswordNothingIsDone() {
        assertEquals(2, run(new UserCommand(this::open, Optional::empty), "add", "ada"));
        assertTrue(err.toString().contains("There is no password"), err.toString());
    }

    @Test
    void aHashIsPrintedForTheSettings() {
        assertEquals(0, run(user(), "hash-password"));
        Argon2.parse(out.toString().trim());
    }

    @Test
    void aTokenIsShownOnceAndRevoked() {
        assertEquals(
                0, run(new TokenCommand(this::open), "create", "billing", "--scopes", "send", "--lasting", "P90D"));
        String text = out.toString().trim();
        String id = err.toString().split(" ")[1].replace(";", "");
        assertTrue(text.matches("wagw_[A-Za-z0-9_-]{43}"), text);
        assertEquals(0, run(new TokenCommand(this::open), "list"));
        assertEquals(text, out.toString().lines().findFirst().orElseThrow());
        assertTrue(
                out.toString()
                        .lines()
                        .skip(1)
                        .toList()
                        .getFirst()
                        .matches("ID +SCOPES +DEVICE +ENDS +LAST USED +SOURCE +NOTE"),
                out.toString());
        assertTrue(
                out.toString().lines().toList().getLast().matches(id + " +send +all .*Z +never +database +billing"),
                out.toString());
        assertEquals(3, out.toString().lines().count());
        assertEquals(0, run(new TokenCommand(this::open), "revoke", id));
        assertEquals(2, run(new TokenCommand(this::open), "revoke", id));
        assertEquals(2, run(new TokenCommand(this::open), "create", "x", "--scopes", "everything"));
    }

    @Test
    void aListNamesWhatTheSettingsHaveAndAnEmptyOneSaysSo() {
        assertEquals(0, run(user(), "list"));
        assertEquals(0, run(new TokenCommand(this::open), "list"));
        assertEquals("none\nnone\n", out.toString());
        configured = new OpenCredentials.Configured(List.of("boss"), true);
        assertEquals(0, run(user(), "list"));
        assertTrue(
                out.toString().contains("boss  send,read,manage  all     1          -          APP_BASIC_AUTH\n"),
                out.toString());
        assertEquals(0, run(new TokenCommand(this::open), "list"));
        assertTrue(out.toString().contains("WHATSAPP_SECRET"), out.toString());
    }

    @Test
    void aTerminalIsNotToldWhatToDoByANote() {
        run(new TokenCommand(this::open), "create", "red\u001b[31m", "--scopes", "send");
        assertEquals(0, run(new TokenCommand(this::open), "list"));
        assertFalse(out.toString().contains("\u001b"), out.toString());
    }

    @Test
    void theLogIsVerifiedWithTheExitCodeForEachCase() throws IOException {
        var audit = new AuditCommand(
                () -> new AuditCommand.Places(directory.resolve("security.log"), directory.resolve("audit"), List::of));
        assertEquals(2, run(audit, "verify"), "there is nothing to check yet");
        run(user(), "add", "ada");
        run(user(), "revoke", "ada");
        assertEquals(0, run(audit, "verify"));
        assertTrue(out.toString().contains("Sound: 2 lines."), out.toString());
        Path log = directory.resolve("security.log");
        Files.writeString(log, Files.readString(log).replaceFirst("user_deleted", "user_updated"));
        assertEquals(1, run(audit, "verify"));
        assertTrue(err.toString().contains("security.log:2: its seal does not match"), err.toString());
    }
}
