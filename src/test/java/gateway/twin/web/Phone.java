package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import gateway.twin.web.Crypto.Pair;

/** A person's phone: the primary device of a number, with its keys, its Signal sessions and what came in. */
final class Phone {
    /** The prefixes of dossier web-1 §4.2. */
    private static final byte[] ACCOUNT_PREFIX = {6, 0};

    private static final byte[] HOSTED_PREFIX = {6, 5};
    private static final byte[] DEVICE_PREFIX = {6, 1};
    private static final int FIRST_COMPANION = 1;

    /** A message that came in; the text of a picture is its file in hex. */
    record Received(String from, String id, String kind, String text, long at, String edit) {}

    private final String number;
    volatile Pair identity = Pair.fresh();
    final long registrationId = Crypto.RANDOM.nextInt(1, 16_380);
    volatile Pair signed = Pair.fresh();
    final Map<Long, Pair> preKeys = new HashMap<>();
    final Map<Integer, Companion> companions = new HashMap<>();
    final Polls polls = new Polls();
    final PhoneState state = new PhoneState();
    final Passkey passkey = new Passkey();
    final List<Received> inbox = new CopyOnWriteArrayList<>();
    /** By the peer's Signal address. */
    private final Map<String, List<Ratchet>> sessions = new HashMap<>();
    /** Peers towards whom the next message opens a new session; what the older ones sealed still opens. */
    private final Set<String> renewing = new HashSet<>();
    /** Sealed messages whose keys the phone has lost. */
    private final Set<String> lost = new HashSet<>();

    private final Map<String, Set<String>> failed = new HashMap<>();
    private long nextPreKey = 1;
    private int nextDevice = FIRST_COMPANION;
    private int keyIndex;

    Phone(String number) {
        this.number = number;
    }

    String number() {
        return number;
    }

    String address() {
        return number + "@s.whatsapp.net";
    }

    /** The user part of the person's LID: fifteen digits that follow from the number. */
    String lidUser() {
        return "1" + "%014d".formatted(Long.parseLong(number) % 100_000_000_000_000L);
    }

    String lid() {
        return lidUser() + "@lid";
    }

    /** A one-time pre-key for somebody who opens a session with this phone. */
    synchronized long freshPreKey() {
        preKeys.put(nextPreKey, Pair.fresh());
        return nextPreKey++;
    }

    byte[] signedSignature() {
        return Crypto.sign(identity.secret(), Crypto.typed(signed.open()));
    }

    /** WhatsApp is installed anew: all keys are new ones, and no session is left. */
    synchronized void reinstall() {
        identity = Pair.fresh();
        signed = Pair.fresh();
        preKeys.clear();
        sessions.clear();
        renewing.clear();
    }

    /** The number of the next companion device. */
    synchronized int nextDevice() {
        return nextDevice++;
    }

    /**
     * The certificate of a new device: ADVSignedDeviceIdentityHMAC.
     *
     * @param companion the device's identity key, 32 bytes
     */
    synchronized byte[] certify(byte[] companion, byte[] advSecret, Faults faults) {
        var details = new Fields()
                .put(1, registrationId)
                .put(2, Instant.now().getEpochSecond())
                .put(3, ++keyIndex)
                .put(4, faults.on("hosted") ? 1 : 0)
                .put(5, faults.on("hosted") ? 1 : 0)
                .bytes();
        var signature = Crypto.sign(
                identity.secret(),
                Crypto.join(faults.on("hosted") ? HOSTED_PREFIX : ACCOUNT_PREFIX, details, companion));
        if (faults.on("account_signature")) {
            signature[3] ^= 1;
        }
        var signedIdentity = new Fields()
                .put(1, details)
                .put(2, identity.open())
                .put(3, signature)
                .bytes();
        var mac = Crypto.hmac(advSecret, faults.on("hosted") ? HOSTED_PREFIX : new byte[0], signedIdentity);
        if (faults.on("hmac")) {
            mac[3] ^= 1;
        }
        return new Fields()
                .put(1, signedIdentity)
                .put(2, mac)
                .put(3, faults.on("hosted") ? 1 : 0)
                .bytes();
    }

    /**
     * Checks what a device returned: its own signature over the certificate, and that the account's key is left out.
     */
    String objection(byte[] returned, byte[] companion) {
        var answer = Fields.read(returned);
        if (answer.has(2)) {
            return "the account's key was not left out";
        }
        var signed = Crypto.join(DEVICE_PREFIX, answer.bytes(1), companion, identity.open());
        return Crypto.verifies(companion, signed, answer.bytes(4)) ? "" : "the device's signature is wrong";
    }

    /** Seals a padded message for a device, with the bundle when there is no session yet. */
    synchronized Ratchet.Sealed encrypt(Companion to, byte[] padded) throws GeneralSecurityException {
        var all = sessions.computeIfAbsent(to.lid(), address -> new ArrayList<>());
        if (renewing.remove(to.lid()) || all.isEmpty()) {
            var preKey = to.preKeys.poll();
            all.addFirst(Ratchet.towards(
                    identity,
                    registrationId,
                    to.identity,
                    to.signed.id(),
                    to.signed.value(),
                    preKey == null ? 0 : preKey.id(),
                    preKey == null ? null : preKey.value()));
        }
        return all.getFirst().encrypt(padded);
    }

    /** The phone loses the key of a sealed message, so that these bytes never open. */
    synchronized void lose(byte[] wire) {
        lost.add(HexFormat.of().formatHex(wire));
    }

    /**
     * In how many sealed forms a message of a device could not be opened, with this one: the number of the question for
     * it.
     */
    synchronized int failed(Companion from, String id, byte[] wire) {
        var forms = failed.computeIfAbsent(from.lid() + " " + id, name -> new HashSet<>());
        forms.add(HexFormat.of().formatHex(wire));
        return forms.size();
    }

    /** The next message to a device opens a new session. */
    synchronized void renew(Companion device) {
        renewing.add(device.lid());
    }

    /**
     * Opens a message from a device.
     *
     * @throws Ratchet.UsedBefore when a message with its key was opened before
     */
    synchronized Ratchet.Opened decrypt(Companion from, String type, byte[] wire) throws GeneralSecurityException {
        if (!lost.isEmpty() && lost.contains(HexFormat.of().formatHex(wire))) {
            throw new GeneralSecurityException("the key is lost");
        }
        var all = sessions.computeIfAbsent(from.lid(), address -> new ArrayList<>());
        if (type.equals("pkmsg")) {
            var fields = Fields.read(Arrays.copyOfRange(wire, 1, wire.length));
            var known = all.stream()
                    .filter(session -> Arrays.equals(session.base, fields.bytes(2)))
                    .findFirst();
            if (known.isPresent()) {
                return open(all, known.get(), fields.bytes(4));
            }
            var preKey = fields.has(1) ? preKeys.get(fields.number(1)) : null;
            if (fields.has(1) && preKey == null) {
                throw new GeneralSecurityException("an unknown pre-key");
            }
            var fresh = Ratchet.from(identity, signed, preKey, fields.bytes(3), fields.bytes(2));
            var plain = fresh.decrypt(fields.bytes(4));
            if (fields.has(1)) {
                preKeys.remove(fields.number(1));
            }
            all.addFirst(fresh);
            return plain;
        }
        GeneralSecurityException last = new GeneralSecurityException("no session");
        for (var session : List.copyOf(all)) {
            try {
                return open(all, session, wire);
            } catch (Ratchet.UsedBefore e) {
                throw e;
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    private static Ratchet.Opened open(List<Ratchet> all, Ratchet session, byte[] wire)
            throws GeneralSecurityException {
        var plain = session.decrypt(wire);
        all.remove(session);
        all.addFirst(session);
        return plain;
    }

    /** Keeps a message that came in, unpacked from padding. */
    void receive(String from, String id, byte[] padded, String edit, MediaServer media)
            throws GeneralSecurityException {
        var message = Fields.read(Arrays.copyOf(padded, padded.length - padded[padded.length - 1]));
        if (message.has(31)) {
            message = message.message(31).message(2);
        }
        polls.seen(from, id, message);
        var text = message.has(1)
                ? message.text(1)
                : message.has(6)
                        ? message.message(6).text(1)
                        : message.has(3) ? HexFormat.of().formatHex(Picture.read(message.message(3), media)) : "";
        inbox.add(new Received(
                from,
                id,
                message.has(1) || message.has(6) ? "text" : "field " + message.first(),
                text,
                Instant.now().getEpochSecond(),
                edit));
    }

    /** A message with its padding. */
    static byte[] padded(Fields message) {
        return pad(message.bytes());
    }

    /** A message of one's own, as other devices of the account are told of it. */
    static byte[] own(Fields message, String destination) {
        return pad(new Fields()
                .put(31, new Fields().put(1, destination).put(2, message))
                .bytes());
    }

    private static byte[] pad(byte[] message) {
        int count = Crypto.RANDOM.nextInt(1, 16);
        var padding = new byte[count];
        Arrays.fill(padding, (byte) count);
        return Crypto.join(message, padding);
    }

    /** What a QR code says. */
    record Scanned(String ref, byte[] noise, byte[] identity, byte[] advSecret) {
        static Scanned of(String qr) {
            var parts = qr.substring(qr.indexOf('#') + 1).split(",");
            if (parts.length < 4) {
                throw new IllegalArgumentException("the code has " + parts.length + " parts instead of five");
            }
            var decoder = Base64.getDecoder();
            return new Scanned(parts[0], decoder.decode(parts[1]), decoder.decode(parts[2]), decoder.decode(parts[3]));
        }
    }

    static String messageId() {
        return "3EB0" + HexFormat.of().withUpperCase().formatHex(Crypto.random(9));
    }
}
