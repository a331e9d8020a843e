package gateway.interop;

import static gateway.interop.Room.FIRST;
import static gateway.interop.Room.SECOND;

import java.util.List;
import java.util.Map;

import gateway.interop.Interop.Named;
import gateway.twin.web.TwinControl;

/** Scenarios in which everybody is honest: pairing, messages both ways, retries, restarts, the end. */
final class Talks {
    private Talks() {}

    static List<Named> all() {
        return List.of(
                new Named("pairs by a QR code and logs in", Talks::qr),
                new Named("pairs by a code and logs in", Talks::code),
                new Named("a wrong code links nothing", Talks::wrongCode),
                new Named("two devices and two phones send to each other", Talks::bothWays),
                new Named("twenty messages come, each once", Talks::twenty),
                new Named("what came while the process was dead comes after its restart", Talks::restart),
                new Named("a message that is delivered twice is shown once", Talks::duplicate),
                new Named("a device that lost its sessions asks again and gets the message", Talks::retry),
                new Named("a connection that breaks is opened again", Talks::reconnect),
                new Named("logs itself out", Talks::logout),
                new Named("is told when the phone removes it", Talks::unlink));
    }

    private static void qr(Room room) throws Exception {
        room.linked("a", FIRST);
        Failure.unless(room.control.devices(FIRST) == 1, "the phone has no device");
        Failure.unless(room.control.seen("login", FIRST + ":1") == 1, "there was not one login");
    }

    private static void code(Room room) throws Exception {
        var client = room.fresh("a");
        client.tell("code", Map.of("number", FIRST));
        room.control.post(
                "/phones/" + FIRST + "/code",
                Map.of("code", client.await("code").get("code").asText()));
        client.await("paired");
        client.await("connected");
        Failure.unless(room.control.devices(FIRST) == 1, "the phone has no device");
    }

    private static void wrongCode(Room room) throws Exception {
        var client = room.fresh("a");
        client.tell("code", Map.of("number", FIRST));
        var right = client.await("code").get("code").asText();
        var wrong = right.startsWith("1") ? "22222222" : "11111111";
        room.control.post("/phones/" + FIRST + "/code", Map.of("code", wrong));
        room.seen("broken", "");
        Failure.unless(room.control.devices(FIRST) == 0, "a device was linked");
    }

    private static void bothWays(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        var b = room.linked("b", SECOND);
        room.send(a, SECOND, "from a");
        b.message("from a");
        room.shown(SECOND, "from a");
        room.shown(FIRST, "from a");
        room.send(b, FIRST, "from b");
        a.message("from b");
        room.shown(FIRST, "from b");
        room.control.send(FIRST, SECOND, "from the first phone");
        b.message("from the first phone");
        a.message("from the first phone");
        room.shown(SECOND, "from the first phone");
        room.control.send(SECOND, FIRST, "from the second phone");
        a.message("from the second phone");
        room.send(a, SECOND, "a once more");
        b.message("a once more");
        room.seen("received", "receipt");
        Failure.unless(a.untaken("undecryptable") + b.untaken("undecryptable") == 0, "a message could not be opened");
    }

    /** Baileys shows what comes in quick succession in another order; whatsmeow has a scenario of its own for that. */
    private static void twenty(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        for (int i = 0; i < 20; i++) {
            room.control.send(SECOND, FIRST, "number " + i);
        }
        for (int i = 0; i < 20; i++) {
            a.message("number " + i);
        }
        Failure.unless(a.untaken("message") == 0, "a message was shown twice");
    }

    static void order(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        for (int i = 0; i < 20; i++) {
            room.control.send(SECOND, FIRST, "number " + i);
        }
        for (int i = 0; i < 20; i++) {
            var text = a.await("message").get("text").asText();
            Failure.unless(text.equals("number " + i), "number " + i + " was expected, and " + text + " came");
        }
    }

    private static void restart(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.send(SECOND, FIRST, "before");
        a.message("before");
        a.kill();
        room.control.send(SECOND, FIRST, "meanwhile");
        var again = room.again("a");
        again.tell("connect");
        again.await("connected");
        again.message("meanwhile");
        room.send(again, SECOND, "after");
        room.shown(SECOND, "after");
    }

    private static void duplicate(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.fault("duplicate", "1");
        room.control.send(SECOND, FIRST, "twice on the wire");
        a.message("twice on the wire");
        room.control.send(SECOND, FIRST, "behind it");
        a.message("behind it");
        Failure.unless(a.untaken("message") == 0, "a message was shown twice");
    }

    private static void retry(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.send(SECOND, FIRST, "before");
        a.message("before");
        a.tell("forget");
        a.await("forgotten");
        room.control.send(SECOND, FIRST, "asked for again");
        a.message("asked for again");
        room.seen("retry asked", FIRST + ":1");
        room.control.send(SECOND, FIRST, "after");
        a.message("after");
    }

    private static void reconnect(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.post("/disconnect", Map.of());
        a.await("disconnected");
        a.await("connected");
        room.control.send(SECOND, FIRST, "after the break");
        a.message("after the break");
    }

    private static void logout(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        a.tell("logout");
        room.seen("logged out", FIRST);
        Failure.unless(TwinControl.awaited(() -> room.control.devices(FIRST) == 0), "the phone still has the device");
    }

    private static void unlink(Room room) throws Exception {
        var a = room.linked("a", FIRST);
        room.control.post("/phones/" + FIRST + "/unlink", Map.of());
        a.await("logged_out");
    }
}
