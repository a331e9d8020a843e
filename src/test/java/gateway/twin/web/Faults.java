package gateway.twin.web;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the twin does wrong on purpose. Each fault has a name and a value: {@code true} for as long as it is set, a
 * number for so many times, or a text that says which.
 */
final class Faults {
    /** Values of {@code certificate}: the flaw of the chain in every handshake. */
    static final Set<String> CERTIFICATES = Set.of(
            "foreign_root",
            "bad_root_signature",
            "bad_leaf_signature",
            "leaf_key",
            "expired",
            "leaf_expired",
            "issuer_serial",
            "leaf_issuer");
    /** Every fault, with what it does. */
    static final Map<String, String> KNOWN = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "certificate",
                    "the flaw of the certificate chain: "
                            + CERTIFICATES.stream().sorted().toList()),
            Map.entry("refuse_upgrade", "the HTTP status that answers each upgrade"),
            Map.entry("bad_mac", "so many sealed frames are damaged"),
            Map.entry("split_frames", "each byte is a WebSocket message of its own"),
            Map.entry("garbage", "so many elements are replaced by random bytes"),
            Map.entry("hmac", "bad: the HMAC at pairing is wrong"),
            Map.entry("account_signature", "bad: the phone's signature at pairing is wrong"),
            Map.entry(
                    "passkey",
                    "who scans a code must use a passkey of this relying party, as in 'localhost'; web-1 §4.5"),
            Map.entry("passkey_unreadable", "the demand for a passkey cannot be read, and is asked for"),
            Map.entry("prekey_signature", "bad: signed pre-keys in bundles carry a wrong signature"),
            Map.entry("failure", "the reason that answers a login instead of success"),
            Map.entry("failure_seconds", "how long the ban lasts that the failure 402 tells: lesson 37"),
            Map.entry("oldest_client", "a login as an older version of the web client than this is refused with 405"),
            Map.entry("client_revision", "the version that the page /sw.js names; without it there is no page"),
            Map.entry("clock_ahead", "by so many seconds the server's clock is ahead"),
            Map.entry("offline_preview", "after the login comes how much waits"),
            Map.entry("silent", "elements are read and not answered"),
            Map.entry("media", "altered, short, or the HTTP status that answers each download"),
            Map.entry("media_upload", "so many uploads are answered with 503"),
            Map.entry("no_message_ack", "so many messages are taken and not acknowledged"),
            Map.entry("message_error", "the error code in the acknowledgement of each message"),
            Map.entry("duplicate", "so many messages are delivered twice"),
            Map.entry("bomb", "so many elements are replaced by one that inflates to 64 MiB"),
            Map.entry("nested", "so many elements are replaced by one that is nested 2,000 deep"),
            Map.entry("oversized", "so many elements are replaced by a frame of 2^24 - 1 bytes"),
            Map.entry("cut", "so many frames end in the middle, and the connection with them"),
            Map.entry("replay", "so many frames are sent twice as they are, so that a key is used twice"),
            Map.entry(
                    "merge_frames", "so many frames wait for the next one and travel with it in one WebSocket message"),
            Map.entry("compress", "elements are deflated"),
            Map.entry("deaf", "nothing more is read, and nothing closes: lesson 21"),
            Map.entry("hosted", "the certificate at pairing is one of a hosted account: lesson 35"),
            Map.entry("success_without_lid", "the login is answered without the LID: lesson 3"),
            Map.entry("no_offline_marker", "no element says that all that waited was sent: lesson 22"),
            Map.entry("no_identity_notice", "nobody is told when a phone is installed anew"),
            Map.entry("no_read_receipts", "the account's person has switched read receipts off"),
            Map.entry("edge_routing", "after the login comes routing information"),
            Map.entry("dirty", "after the login comes dirty, type account_sync"),
            Map.entry(
                    "pn_sender",
                    "so many messages of phones name the number as sender and the LID beside it: lesson 1"),
            Map.entry("no_mapping", "so many messages of phones name the LID alone: lesson 2"),
            Map.entry("poison", "so many messages for linked devices cannot be opened: lesson 24"),
            Map.entry("double_part", "so many messages of phones hold their content twice, as Baileys' second ones do"),
            Map.entry(
                    "used_key",
                    "so many messages of phones come as the bytes of the one before, under an id of their own"),
            Map.entry("swap", "so many messages for linked devices come after the next one for the same device"),
            Map.entry(
                    "lost", "so many messages for linked devices are lost on the connection, and come by the next one"),
            Map.entry(
                    "sealed_phones",
                    "phones say that they got a message and do not open it, and the ledger keeps nothing: for loads"),
            Map.entry("quiet_phones", "phones say nothing of the messages that they opened; linked devices do"),
            Map.entry(
                    "not_opened",
                    "of so many messages phones lose the keys, and ask again; of a second answer they lose none"),
            Map.entry(
                    "retry_receipt",
                    "so many messages that a phone opened are asked for again all the same: lessons 12 to 14"),
            Map.entry("retry_stranger", "the number whose phone asks for each message that another phone opened"),
            Map.entry("stale_phash", "the acknowledgement of each message names another device list"),
            Map.entry("bundle_without_phone", "key questions are answered without the phone itself: lesson 4"),
            Map.entry("bundle_without_key", "bundles come without a one-time key"),
            Map.entry("usync_without_lid", "device lists come without LIDs: lesson 8"),
            Map.entry("usync_both_forms", "device lists name each person by number and by LID: lesson 6"),
            Map.entry("usync_max", "a question about more people than that is answered with 500: lesson 38"),
            Map.entry("iq_silence", "the xmlns whose questions are not answered: lesson 31"),
            Map.entry(
                    "iq_error",
                    "the xmlns and the error code that answers its questions, as in 'encrypt 500': lessons 29, 33"),
            Map.entry(
                    "close_after_message",
                    "so many connections are closed after a message, before its acknowledgement")));

    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final Ledger ledger;

    /**
     * @param ledger is told of each fault that is set, as {@code fault set}, and each one that is used, as
     *     {@code fault}
     */
    Faults(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Sets faults; {@code null}, {@code false}, {@code 0} and the empty text take one away. */
    void set(JsonNode faults) {
        faults.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.containsKey(name)) {
                throw new IllegalArgumentException("there is no fault '" + name + "'; there are " + KNOWN.keySet());
            }
        });
        faults.properties().forEach(fault -> {
            var value = fault.getValue().asText("");
            ledger.add("fault set", fault.getKey() + " " + value);
            if (value.isEmpty() || value.equals("false") || value.equals("0") || value.equals("null")) {
                values.remove(fault.getKey());
            } else {
                values.put(fault.getKey(), value);
            }
        });
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    boolean on(String name) {
        return values.containsKey(name);
    }

    /** Uses a counted fault once. */
    synchronized boolean take(String name) {
        var value = values.get(name);
        if (value == null) {
            return false;
        }
        ledger.add("fault", name);
        if (value.equals("true")) {
            return true;
        }
        int left = Integer.parseInt(value);
        if (left <= 1) {
            values.remove(name);
        } else {
            values.put(name, "" + (left - 1));
        }
        return true;
    }
}
