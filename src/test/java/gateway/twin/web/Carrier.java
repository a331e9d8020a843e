package gateway.twin.web;

import static gateway.twin.web.Network.device;
import static gateway.twin.web.Network.now;
import static gateway.twin.web.Network.u32;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What goes from one device to another: messages and receipts, with the faults that happen on the way. */
final class Carrier {
    private final Network network;
    private final Ledger ledger;
    private final KeyUses keyUses;
    private final Faults faults;
    /** What phones sent, by its id, for devices that ask again. */
    private final Map<String, Fields> sent = new ConcurrentHashMap<>();

    /** What was sealed last for a device. */
    private final Map<Companion, Ratchet.Sealed> last = new ConcurrentHashMap<>();

    Carrier(Network network) {
        this.network = network;
        this.ledger = network.ledger;
        this.keyUses = network.keyUses;
        this.faults = network.faults;
    }

    /** Sends a text from a phone to every device of a person, and to its own companions. */
    String send(Phone from, String to, String text) throws GeneralSecurityException {
        return send(from, to, "text", new Fields().put(1, text));
    }

    /** Sends a file as a picture, likewise. */
    String sendPicture(Phone from, String to, byte[] file) throws GeneralSecurityException {
        return send(from, to, "media", new Fields().put(3, Picture.send(file, network.media)));
    }

    private String send(Phone from, String to, String type, Fields content) throws GeneralSecurityException {
        return send(from, to, Phone.messageId(), type, content);
    }

    /** Sends any message under any id: the server looks at neither. */
    String send(Phone from, String to, String id, String type, Fields content) throws GeneralSecurityException {
        var peer = network.person(to.contains("@") ? to : to + "@s.whatsapp.net")
                .orElseThrow(() -> new IllegalArgumentException("to: there is no phone " + to));
        sent.put(id, content);
        if (peer != from) {
            peer.receive(from.address(), id, Phone.padded(content), "", network.media);
            for (var companion : List.copyOf(peer.companions.values())) {
                var sealed =
                        faults.take("used_key") ? last.get(companion) : from.encrypt(companion, Phone.padded(content));
                last.put(companion, sealed);
                var message = message(from, id, type).with(enc(sealed));
                deliver(
                        companion,
                        faults.take("double_part")
                                ? message.with(enc(from.encrypt(companion, Phone.padded(content))))
                                : message);
            }
        }
        for (var companion : List.copyOf(from.companions.values())) {
            var own = Stanza.of(
                    "message",
                    "from",
                    from.lid(),
                    "recipient",
                    peer.lid(),
                    "peer_recipient_pn",
                    peer.address(),
                    "id",
                    id,
                    "type",
                    type,
                    "t",
                    now());
            deliver(companion, own.with(enc(from.encrypt(companion, Phone.own(content, peer.lid())))));
        }
        return id;
    }

    private void deliver(Companion companion, Stanza sound) {
        var stanza = faults.take("poison") ? poisoned(sound) : sound;
        if (faults.take("lost")) {
            companion.keep(stanza);
            return;
        }
        if (faults.take("swap")) {
            companion.hold(stanza);
            return;
        }
        companion.deliver(stanza);
        if (faults.take("duplicate")) {
            companion.deliver(stanza);
        }
    }

    private static Stanza poisoned(Stanza message) {
        return new Stanza(
                message.tag(),
                message.attributes(),
                message.children().stream()
                        .map(child -> child.tag().equals("enc") ? child.with(damaged(child.content())) : child)
                        .toList(),
                null);
    }

    private static byte[] damaged(byte[] wire) {
        var bytes = wire.clone();
        bytes[bytes.length - 1] ^= 1;
        bytes[bytes.length / 2] ^= 1;
        return bytes;
    }

    private Stanza message(Phone from, String id, String type) {
        boolean number = faults.take("pn_sender");
        boolean alone = faults.take("no_mapping");
        return Stanza.of(
                "message",
                "from",
                number ? from.address() : from.lid(),
                "sender_pn",
                number || alone ? null : from.address(),
                "sender_lid",
                number && !alone ? from.lid() : null,
                "addressing_mode",
                number ? "pn" : "lid",
                "id",
                id,
                "type",
                type,
                "notify",
                "Phone " + from.number(),
                "t",
                now());
    }

    static Stanza enc(Ratchet.Sealed sealed) {
        return Stanza.of("enc", "v", "2", "type", sealed.type()).with(sealed.bytes());
    }

    /** Carries a companion's message to the devices that it is sealed for; the outcome for the acknowledgement. */
    void carry(Companion from, Stanza message) {
        // An answer to another device of one's own names the chat beside that device.
        var chat = network.person(message.get(message.get("recipient").isEmpty() ? "to" : "recipient"));
        sealed(message).forEach((address, encs) -> {
            var person = network.person(address);
            if (person.isEmpty()) {
                return;
            }
            boolean own = person.get() == from.phone;
            if (device(address) == 0) {
                encs.forEach(enc -> open(from, person.get(), message, enc, own));
            } else if (person.get().companions.get(device(address)) instanceof Companion companion) {
                var stanza = Stanza.of(
                                "message",
                                "from",
                                from.lid(),
                                "id",
                                message.get("id"),
                                "type",
                                message.get("type"),
                                "edit",
                                message.attributes().get("edit"),
                                "t",
                                now(),
                                "notify",
                                "Device of " + from.phone.number(),
                                "addressing_mode",
                                "lid",
                                "sender_pn",
                                own ? null : from.address(),
                                "recipient",
                                own ? chat.map(Phone::lid).orElse(message.get("to")) : null,
                                "peer_recipient_pn",
                                own ? chat.map(Phone::address).orElse(null) : null)
                        .with(encs);
                deliver(
                        companion,
                        message.child("device-identity").map(stanza::with).orElse(stanza));
            }
        });
    }

    /** What a message holds for each device, by its address; Baileys' answers hold two parts for one device. */
    private static Map<String, List<Stanza>> sealed(Stanza message) {
        Map<String, List<Stanza>> sealed = new LinkedHashMap<>();
        message.child("enc")
                .ifPresent(enc -> sealed.computeIfAbsent(message.get("to"), first -> new ArrayList<>())
                        .add(enc));
        message.child("participants")
                .ifPresent(participants -> participants
                        .children()
                        .forEach(target -> target.child("enc")
                                .ifPresent(enc -> sealed.computeIfAbsent(target.get("jid"), first -> new ArrayList<>())
                                        .add(enc))));
        return sealed;
    }

    private void open(Companion from, Phone phone, Stanza message, Stanza enc, boolean own) {
        if (faults.on("sealed_phones")) {
            if (!own) {
                from.deliver(delivered(phone, message));
            }
            return;
        }
        var seen = new KeyUses.Seen(phone.number(), from.address(), message.get("id"));
        try {
            if (!enc.get("count").matches("[2-9]") && faults.take("not_opened")) {
                phone.lose(enc.content());
            }
            var opened = phone.decrypt(from, enc.get("type"), enc.content());
            keyUses.opened(seen, opened, enc.content());
            phone.receive(
                    own ? phone.address() : from.phone.address(),
                    message.get("id"),
                    opened.plain(),
                    message.get("edit"),
                    network.media);
            if (!own) {
                if (!faults.on("quiet_phones")) {
                    from.deliver(delivered(phone, message));
                }
                if (faults.take("retry_receipt")) {
                    askAgain(from, phone, message.get("id"), 1);
                }
                if (faults.on("retry_stranger")) {
                    askAgain(from, network.person(faults.text("retry_stranger")).orElseThrow(), message.get("id"), 1);
                }
            }
        } catch (Ratchet.UsedBefore e) {
            // Dossier web-2 §1.8: what was opened before gets its receipt once more, and is not asked for.
            keyUses.usedBefore(seen, e, enc.content());
            if (!own) {
                from.deliver(delivered(phone, message));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            if (keyUses.notOpened(seen, e.getMessage())) {
                askAgain(from, phone, message.get("id"), phone.failed(from, message.get("id"), enc.content()));
            } else if (!own) {
                from.deliver(delivered(phone, message));
            }
        }
    }

    private static Stanza delivered(Phone phone, Stanza message) {
        return Stanza.of("receipt", "from", phone.lid(), "id", message.get("id"), "t", now());
    }

    private void askAgain(Companion from, Phone phone, String id, int count) {
        from.deliver(Stanza.of("receipt", "from", phone.lid(), "id", id, "type", "retry", "t", now())
                .with(Stanza.of("retry", "v", "1", "count", "" + count, "id", id, "t", now()))
                .with(Stanza.of("registration").with(u32(phone.registrationId))));
    }

    /** A device could not open a phone's message: the phone opens a new session and sends the text again. */
    void retry(Companion device, Stanza receipt) {
        network.person(receipt.get("to"))
                .filter(phone -> device(receipt.get("to")) == 0)
                .ifPresent(phone -> {
                    phone.renew(device);
                    ledger.add("retry asked", device.address() + " " + receipt.get("id"));
                    var content = sent.get(receipt.get("id"));
                    if (content != null) {
                        try {
                            deliver(
                                    device,
                                    message(phone, receipt.get("id"), content.has(1) ? "text" : "media")
                                            .with(enc(phone.encrypt(device, Phone.padded(content)))));
                        } catch (GeneralSecurityException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
    }
}
