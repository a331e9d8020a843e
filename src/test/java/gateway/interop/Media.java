package gateway.interop;

import static gateway.interop.Room.FIRST;
import static gateway.interop.Room.SECOND;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import gateway.interop.Interop.Named;
import gateway.twin.web.TwinControl;

/** Scenarios with encrypted files: a client uploads and the phone reads, the phone uploads and the client reads. */
final class Media {
    private static final int BYTES = 70_001;

    private Media() {}

    static List<Named> all() {
        return List.of(
                new Named("uploads a picture that phones and devices read", Media::up),
                new Named("downloads a picture that a phone sent", Media::down));
    }

    /** Bytes that are a picture as far as anybody looks: the marks of a JPEG, and noise. */
    private static String picture(int seed) {
        byte[] bytes = new byte[BYTES];
        new Random(seed).nextBytes(bytes);
        bytes[0] = (byte) 0xFF;
        bytes[1] = (byte) 0xD8;
        return HexFormat.of().formatHex(bytes);
    }

    private static void up(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        var b = room.linked("b", SECOND);
        var file = picture(1);
        a.tell("image", Map.of("to", SECOND + "@s.whatsapp.net", "text", file));
        a.await("sent");
        b.await("image", event -> event.get("text").asText().equals(file));
        room.shown(SECOND, file);
        room.shown(FIRST, file);
        room.seen("media uploaded", "image ");
    }

    private static void down(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        var file = picture(2);
        room.control.post("/phones/" + SECOND + "/image", Map.of("to", FIRST, "hex", file));
        a.await("image", event -> event.get("text").asText().equals(file));
    }

    /** Only whatsmeow: Baileys checks neither the MAC nor a hash, and shows the altered picture. */
    static void altered(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.fault("media", "altered");
        room.control.post("/phones/" + SECOND + "/image", Map.of("to", FIRST, "hex", picture(3)));
        a.await("error", event -> event.get("what").asText().equals("download"));
        Failure.unless(a.untaken("image") == 0, "the altered picture was taken");
        Failure.unless(
                TwinControl.awaited(() -> room.control.seen("media downloaded", "altered ") > 0),
                "the twin altered nothing");
    }
}
