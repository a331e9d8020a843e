package gateway.engine.web;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.DeviceDirectory;
import gateway.engine.web.book.KeyChanges;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.DeviceLists;

/** The devices that a message to a person is encrypted for: all of the person's, and our own others. */
final class RecipientDevices {
    /** After this the server is asked again, even when it announced no change; a day. */
    private static final long FRESH_MILLIS = 86_400_000;

    private static final int MAX_REMEMBERED = 4_096;

    private final Book book;
    private final People people;
    private final InstantSource clock;
    private final Map<String, DeviceDirectory.DeviceList> lists = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeviceDirectory.DeviceList> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    RecipientDevices(Book book, People people, InstantSource clock) {
        this.book = book;
        this.people = people;
        this.clock = clock;
    }

    /**
     * Where a message goes.
     *
     * @param person  the chat's address, the LID where it is known
     * @param phone   the person's number, when the address is a LID
     * @param devices the person's, without this one
     * @param own     our own other devices
     */
    record Target(DeviceJid person, Optional<DeviceJid> phone, List<DeviceJid> devices, List<DeviceJid> own) {
        List<DeviceJid> all() {
            Set<DeviceJid> all = new LinkedHashSet<>(devices);
            all.addAll(own);
            return List.copyOf(all);
        }
    }

    /** @throws EngineRefusal ({@code NO_SUCH_RECIPIENT}) when the person has no WhatsApp */
    Target of(DeviceJid chat, DeviceCredentials.Paired account, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        DeviceJid self = own(account);
        DeviceJid person = isSelf(chat, account) ? self : people.filed(chat);
        List<DeviceJid> unknown = new ArrayList<>();
        if (list(person).isEmpty()) {
            unknown.add(person);
        }
        if (!person.equals(self) && list(self).isEmpty()) {
            unknown.add(self);
        }
        if (!unknown.isEmpty()) {
            ask(unknown, connection);
            person = people.filed(person);
        }
        Optional<DeviceDirectory.DeviceList> theirs = list(person);
        if (theirs.isEmpty() || theirs.get().devices().isEmpty()) {
            throw new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "the number is not on WhatsApp");
        }
        int here = account.jid().device();
        List<DeviceJid> own = devices(self, list(self)).stream()
                .filter(jid -> jid.device() != here)
                .toList();
        Optional<DeviceJid> phone = person.server().equals(DeviceJid.LID)
                        && !people.shown(person).server().equals("lid")
                ? Optional.of(DeviceJid.of(people.shown(person).user(), DeviceJid.PHONE))
                : Optional.empty();
        return new Target(person, phone, person.equals(self) ? List.of() : devices(person, theirs), own);
    }

    /**
     * Whether a person has WhatsApp.
     *
     * @throws EngineRefusal when WhatsApp does not answer
     */
    boolean isThere(DeviceJid person, DeviceCredentials.Paired account, WebConnection connection) {
        try {
            return !of(person, account, connection).all().isEmpty();
        } catch (EngineRefusal e) {
            if (e.reason() == Reason.NO_SUCH_RECIPIENT) {
                return false;
            }
            throw e;
        } catch (ConnectionEnded | RequestRefused | TimeoutException | WireRefusal e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
    }

    /** Forgets what is remembered: another account is linked. */
    synchronized void forget() {
        lists.clear();
    }

    /** Our own address without a device: the LID where it is known. */
    static DeviceJid own(DeviceCredentials.Paired account) {
        return account.lid().orElse(account.jid()).withoutDevice();
    }

    static boolean isSelf(DeviceJid chat, DeviceCredentials.Paired account) {
        return chat.isSamePerson(account.jid())
                || account.lid().filter(chat::isSamePerson).isPresent();
    }

    private static List<DeviceJid> devices(DeviceJid person, Optional<DeviceDirectory.DeviceList> list) {
        return list.map(known ->
                        known.devices().stream().map(person::withDevice).toList())
                .orElse(List.of());
    }

    private synchronized Optional<DeviceDirectory.DeviceList> list(DeviceJid person) {
        DeviceDirectory.DeviceList known = lists.get(person.text());
        if (known == null) {
            known = book.directory().devices(person.text()).orElse(null);
        }
        if (known == null || clock.millis() - known.askedAt() > FRESH_MILLIS) {
            return Optional.empty();
        }
        lists.put(person.text(), known);
        return Optional.of(known);
    }

    /** Asks the server for people's devices; what it says is written down. */
    void ask(List<DeviceJid> asked, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        Node answer = connection.request(DeviceLists.question(connection.nextId(), asked));
        KeyChanges changes = book.changes();
        long now = clock.millis();
        for (DeviceLists.Person person : DeviceLists.answer(answer)) {
            DeviceJid filed = person.jid();
            if (filed.server().equals(DeviceJid.PHONE) && person.lid().isPresent()) {
                DeviceJid lid = person.lid().get().withoutDevice();
                changes.add(book.directory().keepMapping(lid.user(), filed.user()));
                people.learnt(lid, filed);
                filed = lid;
            }
            List<Integer> numbers =
                    person.devices().stream().map(DeviceJid::device).toList();
            changes.add(book.directory().keepDevices(filed.text(), numbers, now));
            synchronized (this) {
                lists.put(filed.text(), new DeviceDirectory.DeviceList(numbers, now));
            }
        }
        book.write(changes);
    }

    /**
     * A person's devices have changed, or a message failed for an old list: the server is asked before the next one.
     */
    KeyChanges forget(DeviceJid person) {
        DeviceJid filed = people.filed(person.withoutDevice());
        synchronized (this) {
            lists.remove(filed.text());
        }
        return book.directory().dropDevices(filed.text());
    }
}
