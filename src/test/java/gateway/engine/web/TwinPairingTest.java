package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.primitive.WireRefusal;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The engine's layers are linked to a phone by servers that neither of them wrote. */
@Timeout(60)
class TwinPairingTest {
    private static final String NUMBER = "6281111111111";
    private static final String PHONE = "/phones/" + NUMBER;

    private Twin twin;
    private TwinControl control;
    private LinkedDevice device;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", NUMBER));
        device = new LinkedDevice(twin);
    }

    @AfterEach
    void stop() throws IOException {
        device.close();
        twin.close();
    }

    static List<String> flaws() {
        return TwinControl.certificateFlaws();
    }

    @Test
    void aScannedCodeLinksTheDeviceWhichThenLogsIn() throws Exception {
        device.register();
        String linked = control.post(PHONE + "/scan", Map.of("qr", device.qr()))
                .get("device")
                .asText();
        device.agree();
        assertEquals(linked, device.account().jid().text());
        assertTrue(device.account().lid().isPresent());
        assertEquals("android", device.account().platform());
        device.activate();
        assertEquals(1, control.devices(NUMBER));
        assertEquals(1, control.seen("login", NUMBER + ":1"));
    }

    @Test
    void aTypedCodeLinksTheDevice() throws Exception {
        device.register();
        LinkedDevice.Code code = device.askForCode(NUMBER);
        control.post(PHONE + "/code", Map.of("code", code.link().code()));
        device.finish(code);
        device.agree();
        device.activate();
        assertEquals(1, control.devices(NUMBER));
    }

    @Test
    void aWrongCodeLinksNothing() throws Exception {
        device.register();
        LinkedDevice.Code code = device.askForCode(NUMBER);
        String wrong = code.link().code().equals("11111111") ? "22222222" : "11111111";
        control.post(PHONE + "/code", Map.of("code", wrong));
        device.finish(code);
        assertTrue(TwinControl.awaited(() -> control.seen("broken", "") == 1));
        assertEquals(0, control.devices(NUMBER));
    }

    @Test
    void aCodeOfEarlierIsNotAccepted() throws Exception {
        device.register();
        String earlier = device.qr();
        device.register();
        assertFalse(earlier.equals(device.qr()));
        assertThrows(IllegalStateException.class, () -> {
            TwinControl.awaited(() -> control.seen("connection ended", "") > 0);
            control.post(PHONE + "/scan", Map.of("qr", earlier));
        });
        assertEquals(0, control.devices(NUMBER));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void aForgedChainEndsTheConnectionBeforeAnythingOfTheAccountIsSent(String flaw) {
        control.fault("certificate", flaw);
        ConnectionEnded ended = assertThrows(ConnectionEnded.class, () -> device.register());
        assertInstanceOf(End.Untrusted.class, ended.end());
        assertTrue(TwinControl.awaited(() -> control.entries().count() > 0));
        assertEquals(0, control.seen("registration", ""));
        assertEquals(0, control.seen("received", ""));
    }

    @ParameterizedTest
    @CsvSource({"hmac, BAD_MAC, hmac-mismatch", "account_signature, BAD_SIGNATURE, signature-mismatch"})
    void aForgedAgreementIsRefusedAndThePhoneIsTold(String fault, WireRefusal.Reason reason, String told)
            throws Exception {
        control.fault(fault, "bad");
        device.register();
        control.post(PHONE + "/scan", Map.of("qr", device.qr()));
        assertEquals(
                reason, assertThrows(WireRefusal.class, () -> device.agree()).reason());
        assertTrue(TwinControl.awaited(() -> control.seen("pairing refused", "") == 1));
        assertTrue(control.get("/ledger").toString().contains(told));
        assertEquals(0, control.devices(NUMBER));
        assertThrows(Exception.class, () -> device.account());
    }

    @Test
    void framesInSinglePiecesChangeNothing() throws Exception {
        control.fault("split_frames", "true");
        device.register();
        control.post(PHONE + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.activate();
        assertEquals(1, control.devices(NUMBER));
    }

    @ParameterizedTest
    @CsvSource({"401, WIPE", "402, STOP", "403, WIPE", "405, STOP", "503, BACK_OFF"})
    void aRefusedLoginSaysWhatToDo(String reason, End.Reaction reaction) throws Exception {
        device.register();
        control.post(PHONE + "/scan", Map.of("qr", device.qr()));
        device.agree();
        control.fault("failure", reason);
        device.login();
        var end = device.end();
        assertEquals(reaction, end.reaction(), end.text());
    }

    @Test
    void aDeviceThatThePhoneRemovedIsToldSoTwice() throws Exception {
        device.register();
        control.post(PHONE + "/scan", Map.of("qr", device.qr()));
        device.agree();
        device.activate();
        control.post(PHONE + "/unlink", Map.of());
        assertInstanceOf(End.LoggedOut.class, device.end());
        device.login();
        assertInstanceOf(End.LoggedOut.class, device.end());
    }
}
