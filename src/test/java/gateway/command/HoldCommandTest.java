package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import gateway.messaging.HoldBook;
import gateway.store.Database;
import gateway.store.Store;

class HoldCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> journal = new ArrayList<>();
    private boolean served;

    @BeforeEach
    void twoAccounts() {
        try (var store = open()) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1), ('second', 2)"));
        }
    }

    @Test
    void oneIsHeldListedAndReleased() {
        assertEquals(0, hold("default", "--reason", "a drill"));
        assertTrue(out.toString().contains("No gateway serves default now"), out.toString());
        assertEquals(0, hold("--list"));
        assertTrue(
                out.toString().contains("HELD SINCE")
                        && out.toString().contains("cli:")
                        && out.toString().contains("a drill"),
                out.toString());
        assertEquals(0, hold("default"));
        assertTrue(out.toString().contains("default is held already; its first reason stays."), out.toString());
        assertEquals(0, release("default"));
        assertEquals(0, release("default"));
        assertTrue(out.toString().contains("default is not held."), out.toString());
        assertEquals(2, journal.size());
        out.getBuffer().setLength(0);
        assertEquals(0, hold("--list"));
        assertEquals("none", out.toString().strip());
    }

    @Test
    void allAreHeldAndReleasedTogether() {
        assertEquals(0, hold("--all", "--reason", "a key was lost"));
        assertEquals(2, held());
        assertEquals(0, release("--all"));
        assertEquals(0, held());
        assertEquals(4, journal.size());
        out.getBuffer().setLength(0);
        assertEquals(0, release("--all"));
        assertEquals("No account is held.", out.toString().strip());
    }

    @Test
    void aReleaseSaysWhetherAGatewayConnectsTheAccountNow() {
        hold("--all");
        assertEquals(0, release("default"));
        assertTrue(
                out.toString().contains("default is released. No gateway serves it now; one that starts"),
                out.toString());
        served = true;
        assertEquals(0, release("second"));
        assertTrue(out.toString().contains("second is released: a running gateway connects it"), out.toString());
    }

    @Test
    void allOfNoneIsRefused() {
        try (var store = open()) {
            store.write(tx -> tx.delete("DELETE FROM device"));
        }
        assertEquals(2, hold("--all"));
        assertTrue(err.toString().contains("There is no account yet."), err.toString());
    }

    @Test
    void itWaitsUntilTheGatewayThatServesTheAccountHasClosedItsConnection() {
        served = true;
        var gateway = Thread.ofVirtual().start(() -> {
            try (var store = open()) {
                while (store.write(tx -> tx.update("UPDATE device_hold SET stopped_at = 7 WHERE device = 'default'"))
                        == 0) {
                    Thread.onSpinWait();
                }
            }
        });
        assertEquals(0, hold("default"));
        assertTrue(out.toString().contains("default is not connected."), out.toString());
        assertTrue(gateway.isAlive() || held() == 1);
    }

    @Test
    void whatIsWrongIsSaidAndChangesNothing() {
        for (var wrong : List.of(
                new String[] {},
                new String[] {"default", "--all"},
                new String[] {"default", "--list"},
                new String[] {"nobody"},
                new String[] {"default", "--reason", "x".repeat(201)},
                new String[] {"default", "--reason", "a\nb"},
                new String[] {"default", "--reason", "a\u2028b"},
                new String[] {"default", "--reason", "a\u202eb"})) {
            assertEquals(2, hold(wrong), String.join(" ", wrong));
        }
        assertEquals(2, release());
        assertEquals(2, release("default", "--all"));
        assertEquals(2, release("nobody"));
        assertTrue(err.toString().contains("there is default, second"), err.toString());
        assertFalse(err.toString().contains("nobody"), "what was typed may be a secret");
        assertEquals(0, held());
        assertEquals(List.of(), journal);
    }

    private Store open() {
        return Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
    }

    private long held() {
        try (var store = open()) {
            return store.number("SELECT count(*) FROM device_hold");
        }
    }

    private HoldCommand.Open tool() {
        var store = open();
        return new HoldCommand.Open(
                new HoldBook(
                        store,
                        InstantSource.system(),
                        (act, by, device, reason, done) -> journal.add(act + " " + device)),
                device -> served,
                store::close);
    }

    private int hold(String... arguments) {
        return run(new HoldCommand(this::tool), arguments);
    }

    private int release(String... arguments) {
        return run(new ReleaseCommand(this::tool), arguments);
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler(new UsageErrors())
                .execute(arguments);
    }
}
