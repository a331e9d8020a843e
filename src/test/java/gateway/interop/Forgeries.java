package gateway.interop;

import static gateway.interop.Room.FIRST;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import gateway.interop.Interop.Named;
import gateway.twin.web.TwinControl;

/**
 * Scenarios in which the servers or the phone lie (dossier web-4 §2). Whatsmeow refuses each in its own words. Baileys
 * checks less, even with signatures made to count: neither the leaf key, nor dates, nor the leaf issuer.
 */
final class Forgeries {
    private static final String BAD_SIGNATURE = "failed to verify intermediate cert signature";
    /** By the twin's name of the flaw. Whatsmeow says of both signatures the same. */
    private static final Map<String, String> WORDS = Map.of(
            "foreign_root", BAD_SIGNATURE,
            "bad_root_signature", BAD_SIGNATURE,
            "bad_leaf_signature", BAD_SIGNATURE,
            "leaf_key", "cert key doesn't match decrypted static",
            "expired", "intermediate cert certificate expired",
            "leaf_expired", "leaf cert cert certificate expired",
            "issuer_serial", "unexpected intermediate issuer serial 5 (expected 0)",
            "leaf_issuer", "unexpected leaf issuer serial 99 (expected 7)");

    private Forgeries() {}

    static List<Named> whatsmeow() {
        List<Named> scenarios = new ArrayList<>();
        for (var flaw : TwinControl.certificateFlaws()) {
            scenarios.add(new Named("refuses the certificate chain with " + flaw, room -> certificate(room, flaw)));
        }
        scenarios.add(new Named("refuses a pairing with a wrong HMAC", room -> pairing(room, "hmac", "hmac-mismatch")));
        scenarios.add(new Named(
                "refuses a pairing with a wrong account signature",
                room -> pairing(room, "account_signature", "signature-mismatch")));
        return scenarios;
    }

    static List<Named> baileys() {
        List<Named> scenarios = new ArrayList<>();
        for (var flaw : List.of("foreign_root", "bad_root_signature", "bad_leaf_signature", "issuer_serial")) {
            scenarios.add(new Named("refuses the certificate chain with " + flaw, room -> closes(room, flaw)));
        }
        scenarios.add(new Named("refuses a pairing with a wrong HMAC", room -> unpaired(room, "hmac")));
        scenarios.add(new Named(
                "refuses a pairing with a wrong account signature", room -> unpaired(room, "account_signature")));
        return scenarios;
    }

    private static void closes(Room room, String flaw) throws Exception {
        room.control.fault("certificate", flaw);
        var client = room.fresh("a");
        client.tell("connect");
        var error = client.await("error").get("error").asText();
        Failure.unless(error.startsWith("400 "), "it says: " + error);
        Failure.unless(room.control.seen("registration", "") == 0, "the registration was sent all the same");
    }

    private static void unpaired(Room room, String fault) throws Exception {
        room.control.fault(fault, "bad");
        var client = room.fresh("a");
        room.scan(client, FIRST);
        var error = client.await("error", event -> event.get("what").asText().equals("pair"))
                .get("error")
                .asText();
        Failure.unless(error.startsWith("500 "), "it says: " + error);
        Failure.unless(room.control.devices(FIRST) == 0, "a device was linked");
    }

    private static void certificate(Room room, String flaw) throws Exception {
        room.control.fault("certificate", flaw);
        var client = room.fresh("a");
        client.tell("connect");
        var error = client.await("error").get("error").asText();
        Failure.unless(error.contains(WORDS.getOrDefault(flaw, "a text that is not known")), "it says: " + error);
        Failure.unless(room.control.seen("registration", "") == 0, "the registration was sent all the same");
    }

    private static void pairing(Room room, String fault, String told) throws Exception {
        room.control.fault(fault, "bad");
        var client = room.fresh("a");
        room.scan(client, FIRST);
        client.await("error", event -> event.get("what").asText().equals("pair"));
        Failure.unless(
                TwinControl.awaited(() -> room.control.get("/ledger").toString().contains(told)),
                "the phone was not told " + told);
        Failure.unless(room.control.devices(FIRST) == 0, "a device was linked");
    }
}
