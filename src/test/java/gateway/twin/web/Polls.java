package gateway.twin.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;

/** The polls that a phone knows, and its votes in them (dossier web-2 §4.1, §4.2). */
final class Polls {
    private static final int CONTEXT = 35;
    private static final int SECRET = 3;
    private static final int VOTE = 50;
    private static final int SINGLE_CHOICE = 64;
    private static final List<Integer> CREATIONS = List.of(49, 60, SINGLE_CHOICE);

    /** Who made a poll, and its secret. */
    private record Known(String author, byte[] secret) {}

    /** By the message's id. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** Remembers a message's secret when the message makes a poll. */
    void seen(String author, String id, Fields message) {
        if (CREATIONS.stream().anyMatch(message::has)) {
            known.put(id, new Known(author, message.message(CONTEXT).bytes(SECRET)));
        }
    }

    /** Makes a poll with one choice; its id. */
    static String create(Network network, Phone from, JsonNode body) throws GeneralSecurityException {
        var creation = new Fields().put(2, body.get("question").textValue());
        body.get("options").forEach(option -> creation.put(3, new Fields().put(1, option.textValue())));
        var message = new Fields()
                .put(SINGLE_CHOICE, creation.put(4, 1))
                .put(CONTEXT, new Fields().put(SECRET, Crypto.random(32)));
        var id = Phone.messageId();
        from.polls.seen(from.address(), id, message);
        return network.carrier.send(from, body.get("to").textValue(), id, "poll", message);
    }

    /** Votes in a poll that the phone knows; the vote's id. */
    static String vote(Network network, Phone from, JsonNode body) throws GeneralSecurityException {
        var to = network.phone(body.get("to").textValue());
        var poll = body.get("poll").textValue();
        var known = from.polls.known.get(poll);
        if (known == null) {
            throw new IllegalArgumentException("poll: the phone does not know it");
        }
        var secret = body.path("forged").asBoolean(false) ? Crypto.random(32) : known.secret;
        var maker = network.person(known.author).orElseThrow();
        boolean own = maker == from;
        var author = maker.lid();
        var vote = new Fields();
        body.get("options")
                .forEach(option -> vote.put(1, Crypto.sha256(option.textValue().getBytes(StandardCharsets.UTF_8))));
        var key = Crypto.hkdf(new byte[32], secret, poll + author + from.lid() + "Poll Vote", 32);
        var iv = Crypto.random(12);
        var sealed =
                Crypto.gcm(true, key, iv, vote.bytes(), (poll + '\0' + from.lid()).getBytes(StandardCharsets.UTF_8));
        return network.carrier.send(
                from,
                to.number(),
                Phone.messageId(),
                "poll",
                new Fields()
                        .put(
                                VOTE,
                                new Fields()
                                        .put(
                                                1,
                                                new Fields()
                                                        .put(1, to.lid())
                                                        .put(2, own ? 1 : 0)
                                                        .put(3, poll))
                                        .put(2, new Fields().put(1, sealed).put(2, iv))
                                        .put(4, System.currentTimeMillis())));
    }
}
