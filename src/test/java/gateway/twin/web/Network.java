package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The servers' whole state: phones with their companions, and who waits to be linked. */
final class Network {
    final ServerKeys keys = new ServerKeys();
    final Ledger ledger = new Ledger();
    final KeyUses keyUses = new KeyUses(ledger);
    final Faults faults = new Faults(ledger);
    final Carrier carrier = new Carrier(this);
    final ReceiptCarrier receipts = new ReceiptCarrier(this);
    final DeviceNews deviceNews = new DeviceNews(this);
    final Forger forger = new Forger(this);
    MediaServer media;
    private final Map<String, Phone> phones = new ConcurrentHashMap<>();
    /** The same by the user part of the LID; of two with one LID, the first. */
    private final Map<String, Phone> phonesByLid = new ConcurrentHashMap<>();
    /** Connections that registered and wait for a phone. */
    final List<Connection> unpaired = new CopyOnWriteArrayList<>();

    Phone add(String number) {
        if (!number.matches("[1-9]\\d{6,14}")) {
            throw new IllegalArgumentException("number: seven to fifteen digits, international, without a plus");
        }
        var phone = phones.computeIfAbsent(number, Phone::new);
        phonesByLid.putIfAbsent(phone.lidUser(), phone);
        return phone;
    }

    Phone phone(String number) {
        return Optional.ofNullable(phones.get(number))
                .orElseThrow(() -> new IllegalArgumentException("there is no phone " + number));
    }

    /** The phone whose number or LID has this user part. */
    Optional<Phone> person(String address) {
        var user = address.replaceAll("[:@].*", "");
        if (address.endsWith("@lid")) {
            return Optional.ofNullable(phonesByLid.get(user));
        }
        return Optional.ofNullable(phones.get(user));
    }

    /** Every linked device of everybody. */
    List<Companion> linked() {
        return phones.values().stream()
                .flatMap(phone -> List.copyOf(phone.companions.values()).stream())
                .toList();
    }

    static int device(String address) {
        int colon = address.indexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(address.substring(colon + 1, address.indexOf('@')));
    }

    /** Links a device by the text of its QR code, or demands a passkey first. */
    String scan(Phone phone, String qr) {
        var scanned = Phone.Scanned.of(qr);
        var connection = unpaired.stream()
                .filter(waiting ->
                        waiting.enrolment.offers(scanned.ref()) && Arrays.equals(waiting.noise(), scanned.noise()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no connection offers this code now"));
        return faults.on("passkey")
                ? connection.enrolment.demandPasskey(phone, scanned.advSecret())
                : connection.enrolment.pair(phone, scanned.identity(), scanned.advSecret());
    }

    /** The passkey step that a phone has demanded last. */
    PasskeyPairing passkeyStep(Phone phone) {
        return unpaired.reversed().stream()
                .map(waiting -> waiting.enrolment.passkey())
                .filter(step -> step != null && step.isOf(phone))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the phone demands no passkey"));
    }

    /** Links the device that showed this code of eight characters. */
    String code(Phone phone, String code) throws GeneralSecurityException {
        var connection = unpaired.stream()
                .filter(waiting -> waiting.enrolment.codes() != null
                        && waiting.enrolment.codes().asks(phone))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no connection asks to be linked to " + phone.number() + " by a code"));
        connection.enrolment.codes().confirm(phone, code.replace("-", ""));
        return "asked";
    }

    /** Throws away all one-time keys of a phone's devices but so many, and tells the devices; lesson 29. */
    int runOut(Phone phone, int left) {
        for (var companion : List.copyOf(phone.companions.values())) {
            synchronized (companion) {
                while (companion.preKeys.size() > left) {
                    companion.preKeys.removeLast();
                }
            }
            companion.deliver(Stanza.of(
                            "notification",
                            "from",
                            "s.whatsapp.net",
                            "id",
                            "keys-" + Phone.messageId(),
                            "type",
                            "encrypt",
                            "t",
                            now())
                    .with(Stanza.of("count", "value", "" + left)));
        }
        return phone.companions.size();
    }

    /** The phone removes a linked device, or all when the number is 0; how many it removed. */
    int unlink(Phone phone, int device) {
        var removed = phone.companions.values().stream()
                .filter(companion -> device == 0 || companion.device == device)
                .toList();
        for (var companion : removed) {
            phone.companions.remove(companion.device);
            deviceNews.tell("remove", companion);
            if (companion.connection instanceof Connection connection) {
                connection.end(
                        Stanza.of("stream:error", "code", "401").with(Stanza.of("conflict", "type", "device_removed")));
            }
        }
        return removed.size();
    }

    /**
     * Ends every connection of a linked device, with a stream error when a code or a child is given; how many there
     * were.
     */
    int disconnect(String code) {
        return disconnect(code, "");
    }

    int disconnect(String code, String child) {
        int ended = 0;
        for (var phone : phones.values()) {
            for (var companion : List.copyOf(phone.companions.values())) {
                if (companion.connection instanceof Connection connection) {
                    ended++;
                    if (code.isEmpty() && child.isEmpty()) {
                        connection.close();
                    } else {
                        var error = Stanza.of("stream:error", "code", code.isEmpty() ? null : code);
                        connection.end(
                                child.isEmpty()
                                        ? error
                                        : error.with(
                                                child.contains(" ")
                                                        ? Stanza.of(child.split(" ")[0], "type", child.split(" ")[1])
                                                        : Stanza.of(child)));
                    }
                }
            }
        }
        return ended;
    }

    /** Closes the connections that wait for a phone; how many there were. */
    int disconnectUnpaired() {
        var waiting = List.copyOf(unpaired);
        waiting.forEach(Connection::close);
        return waiting.size();
    }

    static String now() {
        return "" + Instant.now().getEpochSecond();
    }

    static byte[] u32(long value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    static byte[] u24(long value) {
        return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    static long number(byte[] bytes) {
        long value = 0;
        for (var b : bytes) {
            value = value << 8 | b & 0xFF;
        }
        return value;
    }
}
