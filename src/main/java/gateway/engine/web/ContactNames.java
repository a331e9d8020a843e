package gateway.engine.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import gateway.engine.Contacts.Contact;
import gateway.engine.Jid;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.KeptContacts;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.node.DeviceJid;

/** The names of persons: the address book's, and those that persons chose themselves. */
final class ContactNames {
    private static final int MAX_REMEMBERED = 4_096;

    private final Book book;
    private final People people;
    /** The chosen names that were seen last, as they are kept. */
    private final Map<String, String> chosen = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    ContactNames(Book book, People people) {
        this.book = book;
        this.people = people;
    }

    /** Takes a name that came with a message; nothing is to be kept when it is the same as before. */
    synchronized void chosen(DeviceJid sender, String whole, Drafts drafts) {
        String person = filed(sender);
        String name = KeptContacts.shortened(whole);
        if (name.isBlank() || name.equals(chosen.get(person))) {
            return;
        }
        if (book.contacts()
                .name(person, KeptContacts.Source.PUSH)
                .filter(name::equals)
                .isEmpty()) {
            drafts.changes.add(book.contacts().keep(person, KeptContacts.Source.PUSH, name));
        }
        drafts.after.add(() -> remember(person, name));
    }

    private synchronized void remember(String person, String name) {
        chosen.put(person, name);
    }

    /** Forgets what is remembered: another account is linked, of which nothing is kept. */
    synchronized void forget() {
        chosen.clear();
    }

    /** What is to be kept of the address book's name; empty when the entry was removed. */
    KeyChanges inBook(DeviceJid person, String name) {
        return book.contacts().keep(filed(person), KeptContacts.Source.BOOK, name);
    }

    private String filed(DeviceJid person) {
        return people.filed(person).withoutDevice().text();
    }

    /** Everybody of whom a name is known, by name. */
    List<Contact> all() {
        Map<Jid, String> names = new LinkedHashMap<>();
        book.contacts().all().forEach((person, name) -> names.putIfAbsent(people.shown(DeviceJid.parse(person)), name));
        List<Contact> contacts = new ArrayList<>();
        names.forEach((jid, name) -> contacts.add(new Contact(jid, name)));
        contacts.sort(Comparator.comparing(Contact::name, String.CASE_INSENSITIVE_ORDER));
        return contacts;
    }
}
