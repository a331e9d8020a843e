package gateway.engine.web.book;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import gateway.engine.Jid;
import gateway.engine.web.node.DeviceJid;
import gateway.store.Store;
import gateway.store.Tx;

/** Whom WhatsApp knows: which LID belongs to which number, and which devices a person has. None of it is sealed. */
public final class DeviceDirectory {
    private static final String LID_OF = "SELECT lid FROM web_lid WHERE device = ? AND phone = ?";
    private static final String PHONE_OF = "SELECT phone FROM web_lid WHERE device = ? AND lid = ?";

    private final String device;
    private final Store store;

    DeviceDirectory(String device, Store store) {
        this.device = device;
        this.store = store;
    }

    /** A person's devices as the server listed them, and when it was asked, in epoch milliseconds. */
    public record DeviceList(List<Integer> devices, long askedAt) {}

    /** The person's other address, LID or number, as a transaction sees it. */
    public static Optional<Jid> other(Tx tx, String device, Jid person) {
        return person.server().equals(Jid.LID)
                ? tx.one(row -> Jid.ofPhone(row.text(1)), PHONE_OF, device, person.user())
                : tx.one(row -> new Jid(row.text(1), Jid.LID), LID_OF, device, person.user());
    }

    public Optional<DeviceJid> lidOf(String phone) {
        return store.one(row -> row.text(1), LID_OF, device, phone).map(user -> DeviceJid.of(user, DeviceJid.LID));
    }

    public Optional<DeviceJid> phoneOf(String lid) {
        return store.one(row -> row.text(1), PHONE_OF, device, lid).map(user -> DeviceJid.of(user, DeviceJid.PHONE));
    }

    public KeyChanges keepMapping(String lid, String phone) {
        return new KeyChanges()
                .add("DELETE FROM web_lid WHERE device = ? AND phone = ? AND lid <> ?", device, phone, lid)
                .add("""
                INSERT INTO web_lid (device, lid, phone) VALUES (?, ?, ?)
                ON CONFLICT (device, lid) DO UPDATE SET phone = excluded.phone""", device, lid, phone);
    }

    public Optional<DeviceList> devices(String person) {
        return store.one(
                row -> new DeviceList(
                        Arrays.stream(row.text(1).split(" "))
                                .filter(number -> !number.isEmpty())
                                .map(Integer::valueOf)
                                .toList(),
                        row.number(2)),
                "SELECT devices, asked_at FROM web_device_list WHERE device = ? AND person = ?",
                device,
                person);
    }

    public KeyChanges keepDevices(String person, List<Integer> devices, long now) {
        return new KeyChanges()
                .add("""
                INSERT INTO web_device_list (device, person, devices, asked_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, person) DO UPDATE SET devices = excluded.devices, asked_at = excluded.asked_at""", device, person, devices.stream().map(String::valueOf).collect(Collectors.joining(" ")), now);
    }

    public KeyChanges dropDevices(String person) {
        return new KeyChanges().add("DELETE FROM web_device_list WHERE device = ? AND person = ?", device, person);
    }
}
