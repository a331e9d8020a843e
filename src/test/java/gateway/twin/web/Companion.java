package gateway.twin.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** A linked device as the servers know it: its keys, and the stanzas that it has not acknowledged yet. */
final class Companion {
    /** A key that somebody may open a session with. */
    record OpenKey(long id, byte[] value) {}

    final Phone phone;
    final int device;
    final byte[] noise;
    final byte[] identity;
    /** ADVSignedDeviceIdentity as the device returned it, with the account's key. */
    byte[] account;

    long registrationId;
    OpenKey signed;
    byte[] signature;
    final Deque<OpenKey> preKeys = new ArrayDeque<>();
    /** By the stanza's key; in the order in which they were sent first. */
    final Map<String, Stanza> unacknowledged = new LinkedHashMap<>();

    Connection connection;
    private long receipts;
    private Stanza held;

    Companion(Phone phone, int device, byte[] noise, byte[] identity) {
        this.phone = phone;
        this.device = device;
        this.noise = noise;
        this.identity = identity;
    }

    String lid() {
        return phone.lidUser() + ":" + device + "@lid";
    }

    String address() {
        return phone.number() + ":" + device + "@s.whatsapp.net";
    }

    /** Sends a stanza that has to be acknowledged: now when the device is connected, otherwise when it comes back. */
    synchronized void deliver(Stanza stanza) {
        keep(stanza);
        if (connection != null && connection.active()) {
            connection.send(stanza);
        }
        if (held != null && stanza.tag().equals("message")) {
            var late = held;
            held = null;
            deliver(late);
        }
    }

    /** Keeps a stanza for the next connection, as when it was lost on this one. */
    synchronized void keep(Stanza stanza) {
        unacknowledged.put(
                stanza.tag().equals("receipt")
                        ? key(stanza.get("id"), stanza.get("from"), stanza.get("type"), "" + ++receipts)
                        : key(stanza.tag(), stanza.get("id")),
                stanza);
    }

    /** Holds a message back until the next one for the device was sent. */
    synchronized void hold(Stanza message) {
        held = message;
    }

    /**
     * Takes an acknowledgement, or a message's receipt. A device sends several receipts with one id: the oldest is
     * taken first.
     */
    synchronized void acknowledged(String stanzaClass, String id, String to, String type) {
        if (stanzaClass.equals("receipt")) {
            var like = key(id, to, type, "");
            unacknowledged.keySet().stream()
                    .filter(key -> key.startsWith(like))
                    .findFirst()
                    .ifPresent(unacknowledged::remove);
        } else {
            unacknowledged.remove(key(stanzaClass, id));
        }
    }

    /** How many stanzas the device has not acknowledged. */
    synchronized int waiting() {
        return unacknowledged.size();
    }

    private static String key(String... parts) {
        return String.join(" ", parts);
    }
}
