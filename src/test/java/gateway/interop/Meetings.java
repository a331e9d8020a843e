package gateway.interop;

import static gateway.interop.Room.FIRST;
import static gateway.interop.Room.SECOND;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.interop.Interop.Named;

/** Scenarios in which a foreign client and our own engine meet: each is linked to a phone of its own on one twin. */
final class Meetings {
    private static final int BURST = 10;

    private Meetings() {}

    static List<Named> all() {
        return List.of(
                new Named("and our engine talk both ways, with receipts", Meetings::bothWays),
                new Named("and our engine quote, react, edit and revoke", Meetings::changes),
                new Named("and our engine take messages out of order", Meetings::order),
                new Named("and our engine take lost messages later", Meetings::lost),
                new Named("asks our engine for messages again", Meetings::asked),
                new Named("is asked by our engine for messages again", Meetings::asking),
                new Named("and our engine talk on after both were killed", Meetings::restarts),
                new Named("is reached by our engine although it was linked later", Meetings::later),
                new Named("and our engine are linked to one phone", Meetings::siblings));
    }

    /** Two programs that have paired, ours with the first phone. */
    private record Pair(OurProgram ours, ForeignClient theirs) {
        static Pair in(Room room) throws Exception {
            return new Pair(room.ours(), room.linked("b", SECOND));
        }

        /** Both send a text that was not sent before, and both show it once. */
        void talk(Room room, String word) throws Exception {
            ours.send(SECOND, "ours " + word);
            theirs.message("ours " + word);
            room.send(theirs, FIRST, "theirs " + word);
            came("theirs " + word);
        }

        /** Our webhook told of the text once, from the second phone's number. */
        void came(String text) {
            var payload = ours.message(text);
            var chat = SECOND + "@s.whatsapp.net";
            Failure.unless(
                    payload.path("chat_id").asText().equals(chat)
                            && payload.path("from").asText().equals(chat),
                    "the webhook names somebody else: " + payload);
            Failure.unless(ours.count(text) == 1, "our webhooks told of '" + text + "' more than once");
        }

        /** The client sends; the id. */
        String theirs(Map<String, String> fields, String command) throws Exception {
            var all = new java.util.HashMap<>(fields);
            all.put("to", FIRST + "@s.whatsapp.net");
            theirs.tell(command, all);
            return theirs.await("sent").get("id").asText();
        }
    }

    private static void bothWays(Room room) throws Exception {
        var pair = Pair.in(room);
        pair.talk(room, "first");
        room.control.fault("quiet_phones", "true");
        var ours = pair.ours.send(SECOND, "who says that it came");
        var message = pair.theirs.message("who says that it came");
        Failure.unless(
                message.get("id").asText().equals(ours) && !message.get("own").asBoolean(), "it is " + message);
        pair.ours.receipt("delivered", ours);
        pair.theirs.tell("read", Map.of("to", FIRST + "@s.whatsapp.net", "id", ours));
        pair.ours.receipt("read", ours);
        var theirs = pair.theirs(Map.of("text", "and this one"), "send");
        pair.came("and this one");
        pair.theirs.await("receipt", event -> isOf(event, theirs, ""));
        for (int i = 0; i < BURST; i++) {
            pair.theirs.tell("send", Map.of("to", FIRST + "@s.whatsapp.net", "text", "theirs " + i));
            pair.ours.send(SECOND, "ours " + i);
        }
        for (int i = 0; i < BURST; i++) {
            pair.theirs.message("ours " + i);
            pair.came("theirs " + i);
        }
        Failure.unless(room.control.seen("not opened", "") == 0, "a phone could not open a message");
    }

    private static boolean isOf(JsonNode receipt, String id, String type) {
        return receipt.get("type").asText().equals(type)
                && receipt.get("ids").valueStream().anyMatch(one -> one.asText().equals(id));
    }

    private static void changes(Room room) throws Exception {
        var pair = Pair.in(room);
        var ours = pair.ours.send(SECOND, "our words");
        pair.theirs.message("our words");
        var theirs = pair.theirs(Map.of("text", "their words"), "send");
        pair.came("their words");
        pair.ours.reply(SECOND, theirs, "our answer");
        about(pair.theirs.message("our answer"), theirs, "quoted", "their words");
        pair.theirs(Map.of("id", ours, "quoted", "our words", "text", "their answer"), "reply");
        about(pair.ours.message("their answer"), "replied_to_id", ours, "quoted_body", "our words");
        pair.ours.change("reaction", SECOND, theirs, Map.of("emoji", "👍"));
        about(pair.theirs.await("reaction"), theirs, "text", "👍");
        pair.theirs(Map.of("id", ours, "text", "🙏"), "react");
        about(pair.ours.told("message.reaction", any -> true), "reacted_message_id", ours, "reaction", "🙏");
        pair.ours.change("update", SECOND, ours, Map.of("message", "our better words"));
        about(pair.theirs.await("edit"), ours, "text", "our better words");
        pair.theirs(Map.of("id", theirs, "text", "their better words"), "edit");
        about(
                pair.ours.told("message.edited", any -> true),
                "original_message_id",
                theirs,
                "body",
                "their better words");
        pair.ours.change("revoke", SECOND, ours, Map.of());
        about(pair.theirs.await("revoke"), ours, "text", "");
        pair.theirs(Map.of("id", theirs), "revoke");
        about(
                pair.ours.told("message.revoked", any -> true),
                "revoked_message_id",
                theirs,
                "revoked_chat",
                SECOND + "@s.whatsapp.net");
    }

    private static void about(JsonNode event, String target, String field, String words) {
        about(event, "target", target, field, words);
    }

    private static void about(JsonNode event, String target, String id, String field, String words) {
        Failure.unless(
                event.path(target).asText().equals(id)
                        && event.path(field).asText().equals(words),
                "of " + id + " '" + words + "' was expected, and " + event + " came");
    }

    private static void order(Room room) throws Exception {
        var pair = Pair.in(room);
        for (var turn : List.of("first", "second")) {
            room.control.fault("swap", "1");
            pair.ours.send(SECOND, "our late " + turn);
            pair.ours.send(SECOND, "our early " + turn);
            pair.theirs.message("our early " + turn);
            pair.theirs.message("our late " + turn);
            room.control.fault("swap", "1");
            room.send(pair.theirs, FIRST, "their late " + turn);
            room.send(pair.theirs, FIRST, "their early " + turn);
            pair.came("their early " + turn);
            pair.came("their late " + turn);
        }
        pair.talk(room, "after");
        Failure.unless(room.control.seen("receipt carried", "") > 0, "no receipt was carried");
        unasked(room);
    }

    /** The first message of each is lost, so that both open a session with the other at once. */
    private static void lost(Room room) throws Exception {
        var pair = Pair.in(room);
        room.control.fault("lost", "2");
        pair.ours.send(SECOND, "ours, lost");
        room.send(pair.theirs, FIRST, "theirs, lost");
        pair.talk(room, "not lost");
        pair.talk(room, "again not lost");
        room.control.post("/disconnect", Map.of());
        pair.theirs.message("ours, lost");
        pair.came("theirs, lost");
        pair.talk(room, "after");
        if (!room.isBaileys()) {
            // Baileys tries a message of an older session on the newer one first, and thereby spoils the newer one.
            unasked(room);
        }
    }

    private static void unasked(Room room) {
        Failure.unless(
                room.control
                        .entries()
                        .filter(entry -> entry.get("what").asText().equals("receipt carried"))
                        .noneMatch(entry -> entry.get("detail").asText().contains("type=retry")),
                "a message was asked for again");
    }

    private static void asked(Room room) throws Exception {
        var pair = Pair.in(room);
        pair.talk(room, "before");
        pair.theirs.tell("forget");
        pair.theirs.await("forgotten");
        pair.ours.send(SECOND, "for lost sessions");
        pair.theirs.message("for lost sessions");
        for (var times : List.of("1", "2")) {
            room.control.fault("poison", times);
            pair.ours.send(SECOND, "damaged " + times);
            pair.theirs.message("damaged " + times);
            asks(room, SECOND, times);
        }
        pair.talk(room, "after");
    }

    private static void asking(Room room) throws Exception {
        var pair = Pair.in(room);
        // Baileys answers two questions for one message at the most.
        for (var times : room.isBaileys() ? List.of("1", "2") : List.of("1", "2", "3")) {
            room.control.fault("poison", times);
            room.send(pair.theirs, FIRST, "damaged " + times);
            pair.came("damaged " + times);
            asks(room, FIRST, times);
        }
        pair.talk(room, "after");
    }

    /** A device of the phone has sent a question of this number. */
    private static void asks(Room room, String number, String times) {
        Failure.unless(
                room.control
                        .entries()
                        .filter(entry -> entry.get("what").asText().equals("receipt carried"))
                        .anyMatch(entry -> entry.get("detail").asText().contains("type=retry")
                                && entry.get("detail").asText().contains(number.substring(1) + ":")),
                "no device of " + number + " asked " + times + " times");
    }

    private static void restarts(Room room) throws Exception {
        var pair = Pair.in(room);
        pair.talk(room, "before");
        pair.ours.kill();
        room.send(pair.theirs, FIRST, "while our engine was dead");
        pair.ours.again();
        pair.came("while our engine was dead");
        pair.talk(room, "after our restart");
        pair.theirs.kill();
        pair.ours.send(SECOND, "while the client was dead");
        var theirs = room.again("b");
        theirs.tell("connect");
        theirs.await("connected");
        theirs.message("while the client was dead");
        new Pair(pair.ours, theirs).talk(room, "after their restart");
        unasked(room);
    }

    private static void later(Room room) throws Exception {
        var ours = room.ours();
        ours.send(SECOND, "to the phone alone");
        room.shown(SECOND, "to the phone alone");
        new Pair(ours, room.linked("b", SECOND)).talk(room, "to the new device as well");
    }

    private static void siblings(Room room) throws Exception {
        var ours = room.ours();
        ours.send(SECOND, "before the sibling");
        room.shown(SECOND, "before the sibling");
        var sibling = room.linked("b", FIRST);
        ours.send(SECOND, "from our engine");
        var seen = sibling.message("from our engine");
        Failure.unless(seen.get("own").asBoolean(), "the client takes it for another's: " + seen);
        room.send(sibling, SECOND, "from the sibling");
        var told = ours.message("from the sibling");
        Failure.unless(
                told.path("is_from_me").asBoolean()
                        && told.path("chat_id").asText().equals(SECOND + "@s.whatsapp.net"),
                "our webhook says " + told);
        room.shown(SECOND, "from our engine");
        room.shown(SECOND, "from the sibling");
        room.control.send(SECOND, FIRST, "to both");
        sibling.message("to both");
        ours.message("to both");
    }
}
