package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import gateway.outbound.AddressRules;
import gateway.secret.Seals;
import gateway.store.Database;
import gateway.store.Store;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;
import gateway.webhook.SecretPolicy;

class WebhookCommandTest {
    private static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";

    @TempDir
    Path directory;

    private final java.io.InputStream terminal = System.in;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void giveTheTerminalBack() {
        System.setIn(terminal);
    }

    @Test
    void whatIsMissingOrWrongEndsWithTwoAndASentence() {
        assertEquals(2, run(""));
        assertEquals(2, run("", "add", "https://example.com/"));
        assertTrue(err.toString().contains("openssl rand -hex 32"), err.toString());
        assertEquals(2, run("0123456789abcdef", "add", "http://10.0.0.1/"));
        assertTrue(err.toString().contains("url: "), err.toString());
        assertEquals(2, run("0123456789abcdef0123456789abcdef", "add", "https://example.com/"));
        assertTrue(err.toString().contains("secret: is one that a document prints"), err.toString());
        assertEquals(2, run("", "replay"));
        assertEquals(2, run("", "replay", "--since", "yesterday"));
        assertEquals(2, run("", "deliveries", "--status", "lost"));
        assertEquals(2, run("", "remove", "ep_none"));
        assertTrue(
                err.toString().contains("There is no endpoint of that id. See: whatsapp webhook list"), err.toString());
    }

    @Test
    void aRefusalDoesNotRepeatWhatWasTyped() {
        assertEquals(2, run("", "add", "https://example.com/hook?token=typed"));
        assertEquals(2, run("", "remove", "typed"));
        assertFalse(err.toString().contains("typed"), "what was typed may be a secret");
    }

    @Test
    void anEndpointIsAddedListedAndRemoved() {
        assertEquals(
                0,
                run(
                        SECRET + "\n",
                        "add",
                        "https://example.com/hook",
                        "--events",
                        "message,message.ack",
                        "--dialect",
                        "v8"));
        var id = out.toString().strip();
        assertEquals(0, run("", "list"));
        var lines = out.toString().lines().toList();
        assertEquals("ID URL DIALECT SOURCE SECRET STATE", lines.get(1).replaceAll(" +", " "));
        assertTrue(
                lines.get(2).replaceAll(" +", " ").startsWith(id + " https://example.com/hook v8 database "),
                lines.get(2));
        assertEquals(-1, out.toString().indexOf(SECRET));
        assertEquals(0, run("", "remove", id));
        out.getBuffer().setLength(0);
        assertEquals(0, run("", "list"));
        assertEquals("none\n", out.toString());
    }

    @Test
    void aDeliveryThatIsNotThereIsNotSentAgain() {
        assertEquals(1, run("", "replay", "--id", "7"));
        assertEquals(0, run("", "replay", "--status", "dead"));
        assertTrue(out.toString().contains("0 queued again"));
    }

    @Test
    void whatIsSetAsideIsListedWithItsReasonAndSentAgain() {
        try (var store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")))) {
            store.write(tx -> {
                tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1)");
                tx.insert("INSERT INTO event (id, device, type, happened_at) VALUES ('evt_1', 'main', 'message', 1)");
                return tx.insert("INSERT INTO delivery (event, endpoint, body, due_at, state, aside_at, aside_why) "
                        + "VALUES ('evt_1', 'a', '{}', 1, 3, 5, 'its outcome cannot be stored')");
            });
        }
        assertEquals(0, run("", "deliveries", "--status", "aside"));
        assertTrue(
                out.toString().contains("aside") && out.toString().contains("its outcome cannot be stored"),
                out.toString());
        assertEquals(0, run("", "replay", "--status", "aside"));
        assertTrue(out.toString().contains("1 queued again"), out.toString());
    }

    private int run(String input, String... arguments) {
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        return new CommandLine(new WebhookCommand(this::open))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private WebhookCommand.Books open() {
        var store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        var clock = InstantSource.system();
        return new WebhookCommand.Books(
                EndpointBook.beside(
                        store,
                        Seals.of(store, directory),
                        AddressRules.strict(),
                        SecretPolicy.PRODUCTION,
                        List.of(),
                        clock),
                new DeliveryBook(store, clock, () -> {}),
                store::close);
    }
}
