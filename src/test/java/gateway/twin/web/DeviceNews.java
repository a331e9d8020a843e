package gateway.twin.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The news that a person linked or removed a device (dossier web-1 §5.6): to the person's other devices the whole list,
 * to everybody else's what changed.
 */
final class DeviceNews {
    private static final int HASH_BYTES = 6;

    private final Network network;

    DeviceNews(Network network) {
        this.network = network;
    }

    /** @param what {@code add} or {@code remove} */
    void tell(String what, Companion changed) {
        var person = changed.phone;
        var change = Stanza.of(
                        what,
                        "device_hash",
                        hash(person, Companion::address, person.number() + "@s.whatsapp.net"),
                        "device_lid_hash",
                        hash(person, Companion::lid, person.lid()))
                .with(Stanza.of(
                        "device", "jid", changed.address(), "lid", changed.lid(), "key-index", keyIndex(changed)));
        for (var other : network.linked()) {
            if (other.phone != person) {
                other.deliver(news("devices", person, person.lid()).with(change));
            } else if (other != changed) {
                other.deliver(news("account_sync", person, null).with(list(person)));
            }
        }
    }

    /** The person installs WhatsApp anew: linked devices are gone, and everybody's devices hear of a new identity. */
    int reinstall(Phone person) {
        network.unlink(person, 0);
        person.reinstall();
        var others = network.faults.on("no_identity_notice") ? List.<Companion>of() : network.linked();
        for (var other : others) {
            other.deliver(Stanza.of(
                            "notification",
                            "from",
                            person.address(),
                            "id",
                            "identity-" + Phone.messageId(),
                            "type",
                            "encrypt",
                            "t",
                            Network.now())
                    .with(Stanza.of("identity")));
        }
        return others.size();
    }

    private static String keyIndex(Companion device) {
        return "" + device.device;
    }

    private static Stanza news(String type, Phone person, String lid) {
        return Stanza.of(
                "notification",
                "from",
                person.address(),
                "lid",
                lid,
                "id",
                "devices-" + Phone.messageId(),
                "type",
                type,
                "t",
                Network.now());
    }

    private static Stanza list(Phone person) {
        var devices = new ArrayList<>(List.of(Stanza.of("device", "jid", person.address())));
        for (var companion : List.copyOf(person.companions.values())) {
            devices.add(Stanza.of("device", "jid", companion.address(), "key-index", keyIndex(companion)));
        }
        return Stanza.of("devices", "dhash", hash(person, Companion::address, person.address()))
                .with(devices);
    }

    /** The hash of a device list: {@code 2:} and eight characters. */
    private static String hash(Phone person, Function<Companion, String> form, String phone) {
        var all = Stream.concat(
                        Stream.of(phone),
                        List.copyOf(person.companions.values()).stream().map(form))
                .map(DeviceNews::full)
                .sorted()
                .collect(Collectors.joining());
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(all.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return "2:" + Base64.getEncoder().encodeToString(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address with every part: {@code user.0:device@server}. */
    private static String full(String address) {
        int at = address.indexOf('@');
        return address.replaceAll("[:@].*", "") + ".0:" + Network.device(address) + address.substring(at);
    }
}
