package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** What a person does at the console when the phone demands a passkey: a real browser, with a virtual authenticator. */
@Timeout(240)
class ConsolePasskeyTest {
    private static final String PHONE = "/phones/" + TwinPhones.OWN;

    @TempDir
    Path folder;

    @RegisterExtension
    final TwinPhones phones = new TwinPhones(TwinPhones.OWN);

    private Program program;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        program = Program.rest(folder, WebPairing.settings(phones.twin));
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterEach
    void stop() throws Exception {
        browser.close();
        program.close();
    }

    /** Opens the dialog for pairing, and scans its code with the phone that demands a passkey of this party. */
    private void demanded(String party) throws Exception {
        phones.control.fault("passkey", party);
        // A browser takes a name for a relying party, and no address.
        browser.open(program.consoleUrl().replace("127.0.0.1", "localhost") + "/#/devices");
        browser.clickOn("Pair…");
        browser.element(".qr img");
        WebPairing.scan(program, phones.control, TwinPhones.OWN);
        browser.read(".passkey", "The phone asks for the account’s passkey");
        assertEquals(
                "none",
                browser.run("return getComputedStyle(document.querySelector('.pairing')).display")
                        .asText(),
                "the QR code is not shown meanwhile");
    }

    @Test
    void aPasskeyOfThisBrowserLinksTheAccount() throws Exception {
        var passkey = phones.control.get(PHONE + "/passkey");
        browser.authenticator(
                "localhost",
                passkey.get("id").asText(),
                passkey.get("handle").asText(),
                passkey.get("key").asText());
        demanded("localhost");
        browser.click("#passkey-here");
        browser.read("#line", "connected");
        assertEquals(1, phones.control.seen("passkey accepted", "handed off"));
        assertEquals(1, phones.control.devices(TwinPhones.OWN));
    }

    @Test
    void anAnswerFromWhatsAppsOwnAddressIsPasted() throws Exception {
        demanded("whatsapp.com");
        var script = browser.run("return document.getElementById('passkey-script').value")
                .asText();
        var options = Envelope.JSON.readTree(
                script.substring(script.indexOf("FromJSON(") + "FromJSON(".length(), script.lastIndexOf(") })")));
        assertEquals("whatsapp.com", options.path("rpId").asText());
        browser.type("[name=answer]", "no answer");
        browser.clickOn("Send the answer");
        browser.read(".passkey .problem", "must be the JSON that the script has copied");
        var answer = phones.control.post(
                PHONE + "/passkey", Map.of("options", options, "origin", "https://web.whatsapp.com"));
        browser.run("document.querySelector('[name=answer]').value = ''");
        browser.type("[name=answer]", answer.toString());
        browser.clickOn("Send the answer");
        browser.read("#line", "connected");
        assertEquals(1, phones.control.devices(TwinPhones.OWN));
    }

    @Test
    void aStepThatIsGivenUpEndsTheDialog() throws Exception {
        demanded("whatsapp.com");
        browser.clickOn("Give up");
        browser.read("[data-device=default]", "Not paired");
        assertEquals(
                "none",
                Program.json(program.get("/app/passkey")).at("/results/status").asText());
        assertEquals(0, phones.control.devices(TwinPhones.OWN));
    }
}
