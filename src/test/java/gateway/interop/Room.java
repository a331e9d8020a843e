package gateway.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** What one scenario has: a twin with two phones, and the programs that it starts. All ends with the scenario. */
final class Room implements AutoCloseable {
    static final String FIRST = "6281111111111";
    static final String SECOND = "6282222222222";

    final InteropDriver driver;
    private final Path folder;
    private final Twin twin = new Twin(0);
    final TwinControl control = new TwinControl(twin);
    private final List<ForeignClient> clients = new ArrayList<>();
    private final List<OurProgram> programs = new ArrayList<>();

    Room(InteropDriver driver, Path folder) throws IOException {
        this.driver = driver;
        this.folder = folder;
        control.post("/phones", Map.of("number", FIRST));
        control.post("/phones", Map.of("number", SECOND));
    }

    boolean isBaileys() {
        return driver.name().equals("Baileys");
    }

    /** Our own program, linked to the first phone, and connected. */
    OurProgram ours() throws Exception {
        var program = new OurProgram(twin, folder.resolve("ours"));
        programs.add(program);
        program.pair(control, FIRST);
        return program;
    }

    /** A client with an empty database. */
    ForeignClient fresh(String name) throws IOException {
        ForeignClient.forget(folder.resolve(name + ".db"));
        return again(name);
    }

    /** A client with the database that the name has. */
    ForeignClient again(String name) throws IOException {
        var client = new ForeignClient(driver, twin, folder.resolve(name + ".db"));
        clients.add(client);
        return client;
    }

    /** A client that is linked to a phone by a scanned code, and connected. */
    ForeignClient linked(String name, String number) throws IOException, InterruptedException {
        var client = fresh(name);
        scan(client, number);
        client.await("paired");
        client.await("connected");
        return client;
    }

    /** Lets a phone scan the code that a client shows. */
    void scan(ForeignClient client, String number) throws IOException, InterruptedException {
        client.tell("qr");
        var qr = client.await("qr", event -> event.get("kind").asText().equals("code"));
        control.post("/phones/" + number + "/scan", Map.of("qr", qr.get("qr").asText()));
    }

    /** Sends a text from a client, and waits until the server has it. */
    void send(ForeignClient from, String number, String text) throws IOException, InterruptedException {
        from.tell("send", Map.of("to", number + "@s.whatsapp.net", "text", text));
        from.await("sent", event -> event.get("text").asText().equals(text));
    }

    /** The text came in at the phone, once. */
    void shown(String number, String text) {
        Failure.unless(
                TwinControl.awaited(() -> control.shown(number, text) > 0), "the phone does not show '" + text + "'");
        Failure.unless(control.shown(number, text) == 1, "the phone shows '" + text + "' more than once");
    }

    /** The twin saw it. */
    void seen(String what, String detail) {
        Failure.unless(
                TwinControl.awaited(() -> control.seen(what, detail) > 0),
                "the twin did not see '" + what + " " + detail + "'");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (var client : clients) {
            client.close();
        }
        for (var program : programs) {
            program.close();
        }
        Files.write(
                folder.resolve("ledger"),
                control.entries().map(JsonNode::toString).toList());
        twin.close();
    }
}
