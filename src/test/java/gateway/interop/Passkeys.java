package gateway.interop;

import static gateway.interop.Room.FIRST;
import static gateway.interop.Room.SECOND;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.interop.Interop.Named;

/** Scenarios in which the phone demands a passkey (dossier web-1 §4.5). Baileys does not have that step. */
final class Passkeys {
    private static final String PHONE = "/phones/" + FIRST;

    private Passkeys() {}

    static List<Named> whatsmeow() {
        return List.of(
                new Named("is linked with a passkey", room -> linked(room, false)),
                new Named("is linked with a passkey whose demand it has to ask for", room -> linked(room, true)),
                new Named("is not linked by a passkey for another challenge", Passkeys::refused));
    }

    private static JsonNode demanded(Room room, ForeignClient client) throws Exception {
        room.control.fault("passkey", "whatsapp.com");
        room.scan(client, FIRST);
        return client.await("passkey").get("options");
    }

    private static void answer(Room room, ForeignClient client, JsonNode options) throws Exception {
        var assertion =
                room.control.post(PHONE + "/passkey", Map.of("options", options, "origin", "https://web.whatsapp.com"));
        client.tell("assert", Map.of("text", assertion.toString()));
    }

    private static void linked(Room room, boolean unreadable) throws Exception {
        room.control.fault("passkey_unreadable", Boolean.toString(unreadable));
        var client = room.fresh("a");
        answer(room, client, demanded(room, client));
        client.await("paired");
        client.await("connected");
        room.seen("passkey accepted", "handed off");
        room.send(client, SECOND, "linked with a passkey");
        room.shown(SECOND, "linked with a passkey");
    }

    private static void refused(Room room) throws Exception {
        var client = room.fresh("a");
        var options = (ObjectNode) demanded(room, client);
        answer(room, client, options.put("challenge", "AAAA"));
        client.await("error", event -> event.get("what").asText().equals("assert"));
        room.seen("passkey refused", "another challenge");
        Failure.unless(room.control.devices(FIRST) == 0, "a device was linked");
    }
}
