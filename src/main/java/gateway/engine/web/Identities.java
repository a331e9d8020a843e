package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.IdentityTrust;

/**
 * The identity keys of people's devices: kept at first use, and compared from then on. A person with a new identity has
 * installed WhatsApp anew. Then the keys for the old identity go, and the account's owner is told. Messages are not held
 * back.
 */
final class Identities {
    private static final System.Logger LOG = System.getLogger(Identities.class.getName());

    private final People people;
    private final RecipientDevices recipients;
    private final TrustTokens tokens;
    private final Book book;
    private final Events events;
    private final InstantSource clock;

    Identities(
            People people,
            RecipientDevices recipients,
            TrustTokens tokens,
            Book book,
            Events events,
            InstantSource clock) {
        this.people = people;
        this.recipients = recipients;
        this.tokens = tokens;
        this.book = book;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The server says that a person has a new identity: the sessions under the person's number and LID end. The caller
     * holds the lock of the {@link KeyRoom}.
     */
    void changed(DeviceJid person, WebConnection connection, Drafts drafts) {
        DeviceJid filed = people.filed(person.withoutDevice());
        boolean known = false;
        for (DeviceJid address :
                Stream.of(filed, people.known(filed)).distinct().toList()) {
            known |= drafts.end(address);
        }
        drafts.changes.add(recipients.forget(filed));
        if (known) {
            drafts.events.add(told(filed));
            drafts.after.add(() -> tokens.issueAgain(filed, connection));
        }
    }

    /** A device has proved an identity with a message that it sent. */
    void proved(DeviceJid device, CurvePublic identity, Drafts drafts) {
        IdentityTrust trust = trust(device, identity);
        drafts.changes.add(kept(device, trust));
        if (trust instanceof IdentityTrust.Changed) {
            drafts.renewed(device);
            drafts.events.add(told(device));
        }
    }

    /**
     * Takes the identity of a device with which a session was opened from here.
     *
     * @param saved is run when the changes are on disk
     */
    void opened(DeviceJid device, CurvePublic identity, KeyChanges changes, List<Runnable> saved) {
        IdentityTrust trust = trust(device, identity);
        changes.add(kept(device, trust));
        if (trust instanceof IdentityTrust.Changed) {
            changes.add(book.peers().dropSenderKeys(device.text()));
            // On a thread of its own, because this one writes to the database, and the event is a write, too.
            saved.add(() -> Thread.ofVirtual().name("web-identity").start(() -> tell(device)));
        }
    }

    private void tell(DeviceJid device) {
        try {
            events.accept(told(device));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the event of a person''s new identity is lost: {0}", e.toString());
        }
    }

    private IdentityTrust trust(DeviceJid device, CurvePublic identity) {
        // An identity that was stored before the LID was known stands under the phone number.
        Optional<byte[]> stored = book.peers()
                .identity(device.text())
                .or(() -> book.peers()
                        .identity(
                                people.known(device).withDevice(device.device()).text()));
        return IdentityTrust.of(stored.map(Identities::key), identity);
    }

    private static CurvePublic key(byte[] kept) {
        try {
            return CurvePublic.of(kept);
        } catch (WireRefusal e) {
            throw new IllegalStateException("a kept identity is no key", e);
        }
    }

    private KeyChanges kept(DeviceJid device, IdentityTrust trust) {
        return switch (trust) {
            case IdentityTrust.Same same -> book.changes();
            case IdentityTrust.FirstUse first -> book.peers().keepIdentity(device.text(), first.identity());
            case IdentityTrust.Changed changed -> book.peers().keepIdentity(device.text(), changed.identity());
        };
    }

    private Event told(DeviceJid person) {
        return new Event.IdentityChanged(people.shown(person), clock.millis());
    }
}
