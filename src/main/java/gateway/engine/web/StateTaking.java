package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.web.appstate.Mutation;
import gateway.engine.web.appstate.StateNews;
import gateway.engine.web.appstate.Synced;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.node.DeviceJid;

/**
 * Keeps what the app state says, in one transaction with its version: names, pairs of addresses, marks. What a snapshot
 * says is how things stand, and no news for webhooks.
 */
final class StateTaking {
    /** Events of one transaction. */
    private static final int MAX_BATCH = 32;

    /** The id of a message. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=-]{1,128}");

    private static final int MAX_SALT = 1_024;

    private final Book book;
    private final KeyRoom room;
    private final People people;
    private final ContactNames names;
    private final TrustTokens tokens;
    private final Events events;
    private final InstantSource clock;

    StateTaking(
            Book book,
            KeyRoom room,
            People people,
            ContactNames names,
            TrustTokens tokens,
            Events events,
            InstantSource clock) {
        this.book = book;
        this.room = room;
        this.people = people;
        this.names = names;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    /** @param whole whether it is a snapshot, which replaces what is stored */
    void take(String collection, Synced.Taken taken, boolean whole) {
        KeyChanges changes = book.changes();
        List<Event> told = new ArrayList<>();
        for (Mutation mutation : taken.mutations()) {
            for (StateNews news : StateNews.of(mutation)) {
                try {
                    take(news, mutation.data().getValue().getTimestamp(), whole, changes, told);
                } catch (IllegalArgumentException e) {
                    System.getLogger(StateTaking.class.getName())
                            .log(
                                    Level.INFO,
                                    "a record of app state {0} names no address: {1}",
                                    collection,
                                    e.getMessage());
                }
            }
        }
        changes.add(book.appState().keep(collection, taken, whole));
        room.lock.lock();
        try {
            // Marks say how things stand: those before the last are taken again when the last ones are not.
            int from = 0;
            for (; told.size() - from > MAX_BATCH; from += MAX_BATCH) {
                events.accept(told.subList(from, from + MAX_BATCH));
            }
            events.accept(told.subList(from, told.size()), changes);
        } finally {
            room.lock.unlock();
        }
        tokens.forget();
    }

    private void take(StateNews news, long time, boolean whole, KeyChanges changes, List<Event> told) {
        long at = time > 0 ? time : clock.millis();
        switch (news) {
            case StateNews.ContactName(String person, String name) ->
                changes.add(names.inBook(DeviceJid.parse(person), name));
            case StateNews.Pair(String lid, String number) ->
                people.learn(DeviceJid.parse(lid), DeviceJid.parse(number), changes);
            case StateNews.OwnName(String name) ->
                changes.add(
                        book.notes().keep(KeptNotes.OWN_NAME, name.getBytes(StandardCharsets.UTF_8), clock.millis()));
            case StateNews.Salt(byte[] salt) -> {
                if (salt.length > 0 && salt.length <= MAX_SALT) {
                    changes.add(book.notes().keep(KeptNotes.SALT, salt, clock.millis()));
                }
            }
            case StateNews.ChatMark(String chat, StateNews.ChatMark.Kind kind, boolean on) ->
                told.add(new Event.Marked(shown(chat), "", Event.Marked.Mark.valueOf(kind.name()), on, at));
            case StateNews.Star(String chat, String message, boolean on) -> {
                if (ID.matcher(message).matches()) {
                    told.add(new Event.Marked(shown(chat), message, Event.Marked.Mark.STARRED, on, at));
                }
            }
            case StateNews.Deleted(String chat, String message, String participant) -> {
                if (!whole && ID.matcher(message).matches()) {
                    told.add(new Event.DeletedForMe(
                            message,
                            shown(chat),
                            participant.contains("@") ? shown(participant) : shown(chat),
                            Optional.empty(),
                            at));
                }
            }
            case StateNews.Label(String id, String name, int color, boolean removed) -> {
                if (!whole) {
                    told.add(new Event.LabelEdit(id, name, color, removed, at));
                }
            }
            case StateNews.LabelOnChat(String id, String chat, boolean on) -> {
                if (!whole) {
                    told.add(new Event.LabelChat(id, shown(chat), on, at));
                }
            }
        }
    }

    private Jid shown(String address) {
        return people.shown(Jid.parse(address));
    }
}
