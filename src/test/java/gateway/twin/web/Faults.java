package gateway.twin.web;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the twin does wrong on purpose. Each fault has a name and a value: {@code true} for as long as it is set, a number for so many
 * times, or a text that says which.
 */
final class Faults {
    /** Values of {@code certificate}: the flaw of the chain in every handshake. */
    static final Set<String> CERTIFICATES = Set.of("foreign_root", "bad_root_signature", "bad_leaf_signature", "leaf_key", "expired",
            "leaf_expired", "issuer_serial", "leaf_issuer");
    /** Every fault, with what it does. */
    static final Map<String, String> KNOWN = new TreeMap<>(Map.ofEntries(
            Map.entry("certificate", "the flaw of the certificate chain: " + CERTIFICATES.stream().sorted().toList()),
            Map.entry("refuse_upgrade", "the HTTP status that answers each upgrade"),
            Map.entry("bad_mac", "so many sealed frames are damaged"),
            Map.entry("split_frames", "each byte is a WebSocket message of its own"),
            Map.entry("garbage", "so many elements are replaced by random bytes"),
            Map.entry("hmac", "bad: the HMAC at pairing is wrong"),
            Map.entry("account_signature", "bad: the phone's signature at pairing is wrong"),
            Map.entry("prekey_signature", "bad: signed pre-keys in bundles carry a wrong signature"),
            Map.entry("failure", "the reason that answers a login instead of success"),
            Map.entry("silent", "elements are read and not answered"),
            Map.entry("media", "altered, short, or the HTTP status that answers each download"),
            Map.entry("media_upload", "so many uploads are answered with 503"),
            Map.entry("no_message_ack", "so many messages are taken and not acknowledged"),
            Map.entry("message_error", "the error code in the acknowledgement of each message"),
            Map.entry("duplicate", "so many messages are delivered twice"),
            Map.entry("close_after_message", "so many connections are closed after a message, before its acknowledgement")));

    private final Map<String, String> values = new ConcurrentHashMap<>();

    /** Sets faults; {@code null}, {@code false}, {@code 0} and the empty text take one away. */
    void set(JsonNode faults) {
        faults.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.containsKey(name)) {
                throw new IllegalArgumentException("there is no fault '" + name + "'; there are " + KNOWN.keySet());
            }
        });
        faults.properties().forEach(fault -> {
            var value = fault.getValue().asText("");
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
