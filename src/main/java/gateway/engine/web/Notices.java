package gateway.engine.web;

import java.util.List;
import java.util.Optional;

import gateway.engine.Event;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.CallNotice;
import gateway.engine.web.receive.ChatStates;
import gateway.engine.web.receive.PrivacyTokenNotice;

/** Takes what the server tells beside messages: changed devices, privacy tokens, changed app state, typing, calls. */
final class Notices {
    private final Book book;
    private final People people;
    private final RecipientDevices recipients;
    private final TrustTokens tokens;
    private final StateSync state;
    private final HistoryReading history;
    private final WebPresence presence;
    private final ConnectionNotices ofConnection;
    private final Identities identities;

    Notices(
            Book book,
            People people,
            RecipientDevices recipients,
            TrustTokens tokens,
            StateSync state,
            HistoryReading history,
            WebPresence presence,
            ConnectionNotices ofConnection,
            Identities identities) {
        this.book = book;
        this.people = people;
        this.recipients = recipients;
        this.tokens = tokens;
        this.state = state;
        this.history = history;
        this.presence = presence;
        this.ofConnection = ofConnection;
        this.identities = identities;
    }

    /** Files our own number and our own LID as one person. */
    void learnOwn(DeviceCredentials own) {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        KeyChanges changes = book.changes();
        account.lid()
                .ifPresent(
                        lid -> people.learn(lid.withoutDevice(), account.jid().withoutDevice(), changes));
        if (!changes.isEmpty()) {
            book.write(changes);
        }
    }

    /** The connection is up: what was left over from an earlier one is done. */
    void began(DeviceCredentials own, WebConnection connection) {
        state.wake(StateSync.ALL, own, connection);
        history.wake(own, connection);
    }

    /** What is to be done when the drafts are on disk. */
    void follow(Drafts drafts, DeviceCredentials own, WebConnection connection) {
        if (drafts.keysShared) {
            state.wake(StateSync.ALL, own, connection);
        }
        if (drafts.historyAnnounced) {
            history.wake(own, connection);
        }
    }

    void notification(Node stanza, DeviceCredentials own, WebConnection connection, Drafts drafts) throws WireRefusal {
        Optional<DeviceJid> from = stanza.jid("from");
        switch (stanza.attribute("type").orElse("")) {
            case "devices" -> from.ifPresent(person -> drafts.changes.add(recipients.forget(person)));
            case "account_sync" -> {
                if (stanza.child("devices").isPresent()) {
                    from.ifPresent(self -> drafts.changes.add(recipients.forget(self)));
                }
            }
            case "privacy_token" -> {
                if (from.filter(DeviceJid::isPerson).isPresent()) {
                    for (PrivacyTokenNotice notice : PrivacyTokenNotice.of(stanza, from.get())) {
                        drafts.changes.add(tokens.taken(notice));
                        drafts.after.add(tokens::forget);
                    }
                }
            }
            case "server_sync" -> {
                List<String> changed = stanza.children("collection").stream()
                        .flatMap(collection -> collection.attribute("name").stream())
                        .toList();
                drafts.after.add(() -> state.wake(changed, own, connection));
            }
            case "encrypt" -> {
                ofConnection.preKeys(stanza, own, connection, drafts);
                if (stanza.child("identity").isPresent()) {
                    // Our own phone cannot be installed anew without unlinking this device.
                    from.filter(person -> person.isPerson()
                                    && !RecipientDevices.isSelf(
                                            person, own.paired().orElseThrow()))
                            .ifPresent(person -> identities.changed(person, connection, drafts));
                }
            }
            default -> {}
        }
    }

    /** What the server says of the connection itself. */
    void connection(Node stanza, WebConnection connection, Drafts drafts) throws WireRefusal {
        ofConnection.take(stanza, connection, drafts);
    }

    void chatState(Node stanza, long now, Drafts drafts) throws WireRefusal {
        ChatStates.of(stanza)
                .ifPresent(said -> drafts.events.add(new Event.Typing(
                        people.shown(said.chat()), people.shown(said.sender()), said.composing(), said.audio(), now)));
    }

    void call(Node stanza, Drafts drafts) throws WireRefusal {
        Optional<CallNotice> call = CallNotice.of(stanza);
        if (call.isPresent()) {
            CallNotice offer = call.get();
            offer.number().ifPresent(number -> people.learn(offer.creator(), number, drafts.changes));
            presence.offered(offer);
            drafts.events.add(new Event.CallOffer(
                    offer.id(),
                    people.shown(offer.creator()),
                    offer.group().map(people::shown),
                    offer.platform(),
                    false,
                    offer.time().toEpochMilli()));
        }
    }
}
