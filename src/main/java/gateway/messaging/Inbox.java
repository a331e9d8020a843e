package gateway.messaging;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.store.Work;

/**
 * Takes what happens on WhatsApp for one account: stored together with what the webhooks must be told, or not at all.
 */
final class Inbox implements Events {
    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());
    /** A message older than this came while nobody was here; an automatic answer now would only puzzle its sender. */
    private static final long ANSWERED_WITHIN_MILLIS = 60_000;

    /** WhatsApp's numbers for an account that may not write to strangers. */
    private static final Set<Integer> RESTRICTIONS = Set.of(463, 475);

    private final String device;
    private final Store store;
    private final EventSink webhooks;
    private final InstantSource clock;
    private final Owner owner;
    private final AutoActions auto;
    private final ChatStorage storage;
    private final Authors authors;

    /** What the inbox needs of the account's connection, which is opened after it. */
    interface Owner {
        /** Runs after the connection came up or went down, or after there is something new to send. */
        void wake();

        /** Runs after WhatsApp has banned the account, or has refused what it took before. */
        void restricted();

        /** Empty until the connection is open. */
        Optional<Session> session();
    }

    Inbox(
            String device,
            Store store,
            EventSink webhooks,
            InstantSource clock,
            Owner owner,
            AutoActions auto,
            ChatStorage storage,
            Authors authors) {
        this.device = device;
        this.store = store;
        this.webhooks = webhooks;
        this.clock = clock;
        this.owner = owner;
        this.auto = auto;
        this.storage = storage;
        this.authors = authors;
    }

    @Override
    public void accept(List<Event> events, Work<?> beside) {
        var stored = store.write(tx -> {
            beside.run(tx);
            var kept = new ArrayList<Event>(events.size());
            boolean told = false;
            for (var event : events) {
                var news = keep(tx, event);
                if (news.isPresent()) {
                    told |= webhooks.enqueue(tx, device, told(tx, news.get()));
                    kept.add(news.get());
                }
            }
            return new Stored(kept, told);
        });
        if (stored.told) {
            webhooks.wake();
        }
        stored.fresh.forEach(event -> webhooks.stored(device, event));
        stored.fresh.forEach(this::follow);
    }

    /** What became of events: those that count, and whether anybody is to be told. */
    private record Stored(List<Event> fresh, boolean told) {}

    @Override
    public boolean has(Jid chat, String id) {
        return store.number(
                        "SELECT count(*) FROM message WHERE device = ? AND chat = ? AND id = ?",
                        device,
                        chat.toString(),
                        id)
                > 0;
    }

    /** What a new event makes the gateway do. */
    private void follow(Event event) {
        switch (event) {
            case Event.Connection connection -> {
                if (connection.state() == Event.Connection.State.BANNED) {
                    owner.restricted();
                }
                owner.wake();
            }
            case Event.Failed failed when RESTRICTIONS.contains(failed.code()) -> owner.restricted();
            case Event.Message message -> answered(message);
            case Event.CallOffer call
            when auto.rejectCalls() -> aside(session -> session.presence().rejectCall(call.from(), call.callId()));
            default -> {}
        }
    }

    /** The event as it counts; empty when it was stored before, or its sender may not say that. */
    private Optional<? extends Event> keep(Tx tx, Event event) {
        return switch (event) {
            case Event.Message message
            when message.content() instanceof Content.Change change ->
                authors.place(tx, message.chat(), message.sender(), message.fromMe(), change)
                        .map(chat -> {
                            Changes.apply(
                                    tx, storage, device, chat, message.sender().toString(), change, message.at());
                            return message;
                        });
            case Event.Message message -> keep(tx, authors.told(tx, message));
            case Event.Receipt receipt -> {
                var believed = authors.believed(tx, receipt);
                believed.filter(news -> news.kind() == Event.Receipt.Kind.READ_SELF)
                        .ifPresent(news -> ChatNotes.read(tx, device, news.chat(), news.ids()));
                yield believed;
            }
            case Event.Marked marked -> {
                ChatNotes.mark(tx, device, marked);
                yield Optional.empty();
            }
            case Event.Failed failed ->
                Optional.of(failed).filter(news -> LateFailure.note(tx, storage, device, news, clock.millis()));
            case Event.Connection connection
            when connection.state() == Event.Connection.State.PAIRED -> {
                // However the account was paired: its pairing link is over, and a later logout does not revive it.
                tx.update("UPDATE device_pairing_link SET linked = 1 WHERE device = ?", device);
                yield Optional.of(event);
            }
            default -> Optional.of(event);
        };
    }

    private Optional<Event.Message> keep(Tx tx, Event.Message message) {
        var kept = Chats.keep(
                tx,
                device,
                message.chat(),
                message.fromMe() || message.chat().isGroup() ? "" : storage.kept(message.pushName()),
                new Chats.Message(
                        message.id(),
                        message.chat().toString(),
                        message.sender().toString(),
                        message.fromMe(),
                        storage.kept(message.content()),
                        message.at(),
                        message.at(),
                        message.at()),
                clock.millis());
        if (!kept) {
            return Optional.empty();
        }
        reply(tx, message);
        return Optional.of(message);
    }

    /** What the webhooks are told: the event, with what only the gateway knows. */
    private Event told(Tx tx, Event event) {
        return switch (event) {
            case Event.DeletedForMe deleted -> {
                var original = tx.one(
                                Chats.Message::of,
                                "SELECT * FROM message WHERE device = ? AND chat = ? AND id = ?",
                                device,
                                deleted.chat().toString(),
                                deleted.id())
                        .map(Inbox::original);
                tx.delete(
                        "DELETE FROM message WHERE device = ? AND chat = ? AND id = ?",
                        device,
                        deleted.chat().toString(),
                        deleted.id());
                yield new Event.DeletedForMe(deleted.id(), deleted.chat(), deleted.sender(), original, deleted.at());
            }
            case Event.CallOffer call ->
                new Event.CallOffer(
                        call.callId(), call.from(), call.group(), call.platform(), auto.rejectCalls(), call.at());
            default -> event;
        };
    }

    private static Event.DeletedForMe.Original original(Chats.Message message) {
        var media =
                message.content() instanceof Content.Media found ? Optional.of(found) : Optional.<Content.Media>empty();
        return new Event.DeletedForMe.Original(
                message.content().body(),
                Jid.parse(message.sender()),
                message.fromMe(),
                media.map(Content::kind).orElse(""),
                media.map(found -> found.file().name()).orElse(""),
                message.sentAt());
    }

    /** Answers in the same transaction, so that a crash neither loses the answer nor gives it twice. */
    private void reply(Tx tx, Event.Message message) {
        long now = clock.millis();
        var words = auto.reply().orElse("");
        if (words.isEmpty()
                || message.fromMe()
                || !message.chat().isUser()
                || !(message.content() instanceof Content.Text text)
                || text.body().equals(words)
                || now - message.at() > ANSWERED_WITHIN_MILLIS) {
            return;
        }
        var self = owner.session().flatMap(session -> session.status().account());
        if (self.isEmpty() || self.get().equals(message.sender())) {
            return;
        }
        long due = tx.update(
                "UPDATE chat SET auto_replied_at = ? WHERE device = ? AND jid = ? AND auto_replied_at <= ?",
                now,
                device,
                message.chat().toString(),
                now - auto.pause().toMillis());
        if (due == 1) {
            store.inTurn(tx);
            var answer = new Content.Text(words, Content.Options.NONE);
            Outbox.accept(
                    tx, device, self.get(), message.chat(), MessageId.next(), answer, ContentJson.write(answer), now);
        }
    }

    private void answered(Event.Message message) {
        if (auto.reply().isPresent()) {
            owner.wake();
        }
        if (auto.markRead() && !message.fromMe() && !(message.content() instanceof Content.Change)) {
            aside(session -> session.marks().read(message.chat(), message.sender(), List.of(message.id())));
        }
    }

    /** Asks WhatsApp for something that is no loss when it fails, without keeping the engine waiting. */
    private void aside(Consumer<Session> request) {
        owner.session()
                .ifPresent(session -> Thread.ofVirtual().name("auto-" + device).start(() -> {
                    try {
                        request.accept(session);
                    } catch (RuntimeException e) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "an automatic action of {0} failed: {1}",
                                device,
                                e.getClass().getSimpleName());
                    }
                }));
    }
}
