package gateway.engine.web.receive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The devices of people: the question, and the reading of its answer (web-2 §2.7). */
public final class DeviceLists {
    /** More devices than any account has. */
    static final int MAX_DEVICES = 256;

    private static final int MAX_DEVICE = 255;

    private DeviceLists() {}

    /** The question after people's devices. It lacks its id. {@code session} is a text unique on the connection. */
    public static Node question(String session, Collection<DeviceJid> people) {
        List<Node> users = people.stream()
                .map(person -> Node.of("user").with("jid", person.withoutDevice()))
                .toList();
        return Node.of("iq")
                .with("type", "get")
                .with("xmlns", "usync")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("usync")
                        .with("sid", session)
                        .with("mode", "query")
                        .with("last", "true")
                        .with("index", "0")
                        .with("context", "message")
                        .holding(
                                Node.of("query").holding(Node.of("devices").with("version", "2")),
                                Node.of("list").holding(users)));
    }

    /**
     * What the answer says of each person, in its order; a person of whom it says nothing is left out.
     *
     * @throws WireRefusal for an answer that is none
     */
    public static List<Person> answer(Node result) throws WireRefusal {
        List<Person> people = new ArrayList<>();
        for (Node user : result.requiredChild("usync").requiredChild("list").children("user")) {
            DeviceJid jid = user.requiredJid("jid").withoutDevice();
            Optional<Node> devices = user.child("devices");
            Optional<Node> lid = user.child("lid");
            people.add(new Person(
                    jid,
                    lid.isEmpty() ? Optional.empty() : lid.get().jid("val"),
                    devices.isEmpty() ? List.of() : devices(jid, devices.get())));
        }
        return people;
    }

    /**
     * The devices in a {@code <devices>} node; none when it holds no list. A hosted device stands on a hosted server.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a device without a number, ({@code OVERSIZED}) for more than 256
     */
    public static List<DeviceJid> devices(DeviceJid person, Node devices) throws WireRefusal {
        Set<DeviceJid> known = new LinkedHashSet<>();
        Optional<Node> list = devices.child("device-list");
        for (Node device : list.map(some -> some.children("device")).orElse(List.of())) {
            device.required("id");
            long id = device.number("id").orElseThrow();
            if (id < 0 || id > MAX_DEVICE) {
                throw new WireRefusal(Reason.MALFORMED, "a device has the number " + id);
            }
            known.add(device.has("is_hosted", "true") ? hosted(person, (int) id) : person.withDevice((int) id));
            if (known.size() > MAX_DEVICES) {
                throw new WireRefusal(Reason.OVERSIZED, "a person has more than " + MAX_DEVICES + " devices");
            }
        }
        return List.copyOf(known);
    }

    private static DeviceJid hosted(DeviceJid person, int id) {
        String server = person.server().equals(DeviceJid.LID) ? DeviceJid.HOSTED_LID : DeviceJid.HOSTED;
        return DeviceJid.of(person.user(), id, server);
    }

    /** One person of an answer. */
    public record Person(DeviceJid jid, Optional<DeviceJid> lid, List<DeviceJid> devices) {}
}
