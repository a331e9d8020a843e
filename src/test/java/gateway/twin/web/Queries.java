package gateway.twin.web;

import java.util.ArrayList;
import java.util.List;

/** The servers' answers to {@code iq} questions (dossiers web-1 §5.2, web-4 §3). */
final class Queries {
    private Queries() {}

    static Stanza result(Stanza iq) {
        return Stanza.of(
                "iq",
                "from",
                iq.get("to").isEmpty() ? "s.whatsapp.net" : iq.get("to"),
                "type",
                "result",
                "id",
                iq.get("id"));
    }

    static Stanza refusal(Stanza iq, String code) {
        return Stanza.of(
                        "iq",
                        "from",
                        iq.get("to").isEmpty() ? "s.whatsapp.net" : iq.get("to"),
                        "type",
                        "error",
                        "id",
                        iq.get("id"))
                .with(Stanza.of(
                        "error", "code", code, "text", code.equals("404") ? "item-not-found" : "told-to-refuse"));
    }

    static Stanza answer(Network network, Connection connection, Stanza iq) {
        var result = result(iq);
        return switch (iq.get("xmlns")) {
            case "encrypt" -> encrypt(network, connection, iq, result);
            case "usync" -> usync(network, iq, result);
            case "abt" -> result.with(Stanza.of("props", "protocol", "1", "hash", "twin"));
            case "blocklist" -> result.with(Stanza.of("list"));
            case "privacy" -> iq.child("privacy").isPresent() ? result.with(privacy(network)) : result;
            case "w:m" ->
                result.with(
                        Stanza.of("media_conn", "auth", "twin", "ttl", "3600", "auth_ttl", "3600", "max_buckets", "12")
                                .with(
                                        Stanza.of("host", "hostname", "media.twin.invalid"),
                                        Stanza.of("host", "hostname", "127.0.0.1:" + network.media.port())));
            case "w:sync:app:state" ->
                result.with(iq.child("sync")
                        .map(connection.companion().phone.state::answer)
                        .orElse(Stanza.of("sync")));
            case "md" ->
                iq.child("ref").isPresent() ? result.with(Stanza.of("ref").with("twin-ref".getBytes())) : result;
            case "w:g2" -> refusal(iq, "404");
            default -> result;
        };
    }

    private static Stanza privacy(Network network) {
        var privacy = Stanza.of("privacy");
        for (var name : List.of("readreceipts", "last", "online", "profile", "status", "groupadd", "calladd")) {
            privacy = privacy.with(Stanza.of(
                    "category",
                    "name",
                    name,
                    "value",
                    name.equals("readreceipts") && network.faults.on("no_read_receipts") ? "none" : "all"));
        }
        return privacy;
    }

    private static Stanza encrypt(Network network, Connection connection, Stanza iq, Stanza result) {
        var device = connection.companion();
        if (iq.child("count").isPresent()) {
            synchronized (device) {
                return result.with(Stanza.of("count", "value", "" + device.preKeys.size()));
            }
        }
        if (iq.child("digest").isPresent()) {
            return result.with(Stanza.of("digest")
                    .with(
                            Stanza.of("registration").with(Network.u32(device.registrationId)),
                            Stanza.of("identity").with(device.identity)));
        }
        if (iq.child("key").isPresent()) {
            return result.with(Stanza.of("list")
                    .with(iq.child("key").get().children().stream()
                            .filter(user ->
                                    !network.faults.on("bundle_without_phone") || Network.device(user.get("jid")) != 0)
                            .map(user -> bundle(network, user.get("jid")))
                            .toList()));
        }
        synchronized (device) {
            iq.child("list").ifPresent(list -> list.children().forEach(key -> device.preKeys.add(key(key))));
            iq.child("skey")
                    .or(() -> iq.child("rotate").flatMap(rotate -> rotate.child("skey")))
                    .ifPresent(skey -> {
                        device.signed = key(skey);
                        device.signature = skey.childBytes("signature");
                    });
            iq.child("registration").ifPresent(id -> device.registrationId = Network.number(id.content()));
        }
        return result;
    }

    private static Companion.OpenKey key(Stanza key) {
        return new Companion.OpenKey(Network.number(key.childBytes("id")), key.childBytes("value"));
    }

    private static Stanza bundle(Network network, String address) {
        var user = Stanza.of("user", "jid", address);
        var person = network.person(address);
        int number = Network.device(address);
        if (person.isEmpty() || number != 0 && !person.get().companions.containsKey(number)) {
            return user.with(Stanza.of("error", "code", "404", "text", "item-not-found"));
        }
        if (number == 0) {
            var phone = person.get();
            long id = phone.freshPreKey();
            return bundle(
                    network,
                    user,
                    phone.registrationId,
                    phone.identity.open(),
                    1,
                    phone.signed.open(),
                    phone.signedSignature(),
                    new Companion.OpenKey(id, phone.preKeys.get(id).open()));
        }
        var device = person.get().companions.get(number);
        synchronized (device) {
            return bundle(
                            network,
                            user,
                            device.registrationId,
                            device.identity,
                            device.signed.id(),
                            device.signed.value(),
                            device.signature,
                            device.preKeys.poll())
                    .with(Stanza.of("device-identity").with(withAccountKey(device)));
        }
    }

    private static byte[] withAccountKey(Companion device) {
        var account = Fields.read(device.account);
        return new Fields()
                .put(1, account.bytes(1))
                .put(2, device.phone.identity.open())
                .put(3, account.bytes(3))
                .put(4, account.bytes(4))
                .bytes();
    }

    private static Stanza bundle(
            Network network,
            Stanza user,
            long registration,
            byte[] identity,
            long signedId,
            byte[] signed,
            byte[] signature,
            Companion.OpenKey preKey) {
        var mark = signature.clone();
        if (network.faults.on("prekey_signature")) {
            mark[2] ^= 1;
        }
        var parts = new ArrayList<>(List.of(
                Stanza.of("registration").with(Network.u32(registration)),
                Stanza.of("type").with(new byte[] {5}),
                Stanza.of("identity").with(identity),
                Stanza.of("skey")
                        .with(
                                Stanza.of("id").with(Network.u24(signedId)),
                                Stanza.of("value").with(signed),
                                Stanza.of("signature").with(mark))));
        if (preKey != null && !network.faults.on("bundle_without_key")) {
            parts.add(Stanza.of("key")
                    .with(
                            Stanza.of("id").with(Network.u24(preKey.id())),
                            Stanza.of("value").with(preKey.value())));
        }
        return user.with(parts);
    }

    /** Who has which devices, and which LID belongs to which number. */
    private static Stanza usync(Network network, Stanza iq, Stanza result) {
        var asked = iq.child("usync").orElseThrow(() -> new IllegalArgumentException("usync without usync"));
        var list = new ArrayList<Stanza>();
        var users = asked.child("list").map(Stanza::children).orElse(List.of());
        if (network.faults.on("usync_max") && users.size() > Integer.parseInt(network.faults.text("usync_max"))) {
            return refusal(iq, "500");
        }
        for (var user : users) {
            var contact = user.child("contact").map(Stanza::text).orElse("");
            var address =
                    user.get("jid").isEmpty() ? contact.replaceAll("\\D", "") + "@s.whatsapp.net" : user.get("jid");
            var found = network.person(address);
            var entry = Stanza.of(
                    "user",
                    "jid",
                    found.isEmpty()
                            ? address
                            : address.endsWith("@lid")
                                    ? found.get().lid()
                                    : found.get().address());
            if (!contact.isEmpty()) {
                entry = entry.with(Stanza.of("contact", "type", found.isPresent() ? "in" : "out"));
            }
            if (found.isPresent()) {
                var devices = Stanza.of("device-list").with(Stanza.of("device", "id", "0"));
                for (var companion : List.copyOf(found.get().companions.values())) {
                    devices = devices.with(
                            Stanza.of("device", "id", "" + companion.device, "key-index", "" + companion.device));
                }
                entry = entry.with(Stanza.of("devices").with(devices));
                if (!network.faults.on("usync_without_lid")) {
                    entry = entry.with(Stanza.of("lid", "val", found.get().lid()));
                }
                if (network.faults.on("usync_both_forms")) {
                    var other = new java.util.LinkedHashMap<>(entry.attributes());
                    other.put(
                            "jid",
                            address.endsWith("@lid")
                                    ? found.get().address()
                                    : found.get().lid());
                    list.add(new Stanza("user", other, entry.children(), null));
                }
            }
            list.add(entry);
        }
        return result.with(Stanza.of(
                        "usync",
                        "sid",
                        asked.get("sid"),
                        "index",
                        "0",
                        "last",
                        "true",
                        "mode",
                        asked.get("mode"),
                        "context",
                        asked.get("context"))
                .with(
                        Stanza.of("result").with(Stanza.of("devices"), Stanza.of("lid")),
                        Stanza.of("list").with(list)));
    }
}
