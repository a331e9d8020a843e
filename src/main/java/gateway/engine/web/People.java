package gateway.engine.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import gateway.engine.Jid;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.node.DeviceJid;

/**
 * Who is who: a person's number and LID, which are one person (web-2 §1.3). Keeps the pairs that were asked for last.
 */
final class People {
    private static final int MAX_REMEMBERED = 4_096;

    private final Book book;
    private final Map<String, DeviceJid> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeviceJid> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    People(Book book) {
        this.book = book;
    }

    /** The person's LID, with the address's device, where it is known; else the address itself. */
    DeviceJid filed(DeviceJid address) {
        return address.server().equals(DeviceJid.PHONE)
                ? other(address).map(lid -> lid.withDevice(address.device())).orElse(address)
                : address;
    }

    /** The address that people know: the number where it is known. */
    Jid shown(DeviceJid address) {
        DeviceJid person = address.withoutDevice();
        DeviceJid known = person.server().equals(DeviceJid.LID) ? other(person).orElse(person) : person;
        return new Jid(known.user(), known.server());
    }

    /** The person's other address without a device, where it is known; else the address itself. */
    DeviceJid known(DeviceJid address) {
        return address.isPerson() ? other(address).orElse(address) : address;
    }

    Jid shown(Jid address) {
        return address.server().equals(Jid.LID) ? shown(DeviceJid.of(address.user(), DeviceJid.LID)) : address;
    }

    private synchronized Optional<DeviceJid> other(DeviceJid address) {
        String name = address.withoutDevice().text();
        DeviceJid found = known.get(name);
        if (found != null) {
            return Optional.of(found);
        }
        Optional<DeviceJid> stored = address.server().equals(DeviceJid.LID)
                ? book.directory().phoneOf(address.user())
                : book.directory().lidOf(address.user());
        stored.ifPresent(jid -> known.put(name, jid));
        return stored;
    }

    /** Whether the two are known as one person. */
    boolean knows(DeviceJid lid, DeviceJid phone) {
        return other(phone).filter(found -> found.user().equals(lid.user())).isPresent();
    }

    /** Takes two addresses for one person, when one is a LID and the other a number, and this is not known. */
    void learn(DeviceJid one, DeviceJid other, KeyChanges changes) {
        DeviceJid lid = one.server().equals(DeviceJid.LID) ? one : other;
        DeviceJid phone = lid == one ? other : one;
        if (lid.isPerson()
                && phone.isPerson()
                && lid.server().equals(DeviceJid.LID)
                && phone.server().equals(DeviceJid.PHONE)
                && !knows(lid, phone)) {
            changes.add(book.directory().keepMapping(lid.user(), phone.user()));
            learnt(lid, phone);
        }
    }

    /** Forgets what is remembered: what is kept may have changed, or a pair may not have been written down. */
    synchronized void forget() {
        known.clear();
    }

    /** Remembers a pair that is, or is about to be, written down. */
    synchronized void learnt(DeviceJid lid, DeviceJid phone) {
        known.put(lid.withoutDevice().text(), phone.withoutDevice());
        known.put(phone.withoutDevice().text(), lid.withoutDevice());
    }
}
