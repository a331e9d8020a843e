package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;

/** What a phone shares with its companions beside messages: keys, app state, history, privacy tokens (web-3 §5, §6). */
final class PhoneState {
    private static final int PROTOCOL = 12;
    private static final int MAC_BYTES = 10;
    private static final HexFormat HEX = HexFormat.of();

    /** A collection as the servers have it: patches with their versions, and where the snapshot is. */
    private record Collection(long version, byte[] snapshot, List<byte[]> patches) {}

    private final Map<String, Collection> collections = new ConcurrentHashMap<>();

    /** Shares an app-state key: {@code {"id", "data"}} in hexadecimal. */
    static int key(Network network, Phone phone, JsonNode body) throws GeneralSecurityException {
        var key = new Fields()
                .put(1, new Fields().put(1, HEX.parseHex(body.get("id").textValue())))
                .put(2, new Fields().put(1, HEX.parseHex(body.get("data").textValue())));
        return peer(phone, new Fields().put(PROTOCOL, new Fields().put(2, 6).put(7, new Fields().put(1, key))));
    }

    /**
     * Sets a collection, {@code {"name", "version"[, "snapshot"][, "patches"]}} in hexadecimal, and tells the
     * companions.
     */
    static int collection(Network network, Phone phone, JsonNode body) throws GeneralSecurityException {
        var name = body.get("name").textValue();
        var snapshot = body.path("snapshot").asText("");
        phone.state.collections.put(
                name,
                new Collection(
                        body.get("version").longValue(),
                        snapshot.isEmpty()
                                ? new byte[0]
                                : reference(network, HEX.parseHex(snapshot)).bytes(),
                        body.path("patches")
                                .valueStream()
                                .map(patch -> HEX.parseHex(patch.textValue()))
                                .toList()));
        return tell(
                phone,
                notification("server_sync", "s.whatsapp.net")
                        .with(Stanza.of(
                                "collection",
                                "name",
                                name,
                                "version",
                                "" + body.get("version").longValue())));
    }

    /** ExternalBlobReference. */
    private static Fields reference(Network network, byte[] file) throws GeneralSecurityException {
        var sealed = Sealed.of(network, file, "WhatsApp App State Keys");
        return new Fields()
                .put(1, sealed.key)
                .put(2, sealed.path)
                .put(4, file.length)
                .put(5, Crypto.sha256(file))
                .put(6, sealed.hash);
    }

    /** Announces a part of the history: {@code {"deflated"[, "inline"]}}. */
    static int history(Network network, Phone phone, JsonNode body) throws GeneralSecurityException {
        var deflated = HEX.parseHex(body.get("deflated").textValue());
        var part = new Fields();
        if (body.path("inline").asBoolean(false)) {
            part.put(6, 0).put(11, deflated);
        } else {
            var sealed = Sealed.of(network, deflated, "WhatsApp History Keys");
            part.put(1, Crypto.sha256(deflated))
                    .put(2, deflated.length)
                    .put(3, sealed.key)
                    .put(4, sealed.hash)
                    .put(5, sealed.path)
                    .put(6, 0);
        }
        return peer(phone, new Fields().put(PROTOCOL, new Fields().put(2, 5).put(6, part)));
    }

    /** The phone's person issues a privacy token to another: {@code {"to", "token"[, "t"]}}, in hexadecimal. */
    static int token(Network network, Phone phone, JsonNode body) {
        return tell(
                network.phone(body.get("to").textValue()),
                notification("privacy_token", phone.address(), "sender_lid", phone.lid())
                        .with(Stanza.of("tokens")
                                .with(Stanza.of(
                                                "token",
                                                "type",
                                                "trusted_contact",
                                                "t",
                                                body.path("t").asText(Network.now()))
                                        .with(HEX.parseHex(body.get("token").textValue())))));
    }

    /** The servers' answer to {@code w:sync:app:state}. */
    Stanza answer(Stanza sync) {
        return Stanza.of("sync")
                .with(sync.children().stream().map(this::collection).toList());
    }

    private Stanza collection(Stanza asked) {
        var name = asked.get("name");
        var known = collections.get(name);
        if (known == null) {
            return Stanza.of(
                    "collection", "name", name, "version", asked.attributes().get("version"));
        }
        var answer = Stanza.of("collection", "name", name, "version", "" + known.version);
        if (known.snapshot.length > 0 && asked.get("return_snapshot").equals("true")) {
            answer = answer.with(Stanza.of("snapshot").with(known.snapshot));
        }
        return answer.with(Stanza.of("patches")
                .with(known.patches.stream()
                        .map(patch -> Stanza.of("patch").with(patch))
                        .toList()));
    }

    private static int peer(Phone phone, Fields message) throws GeneralSecurityException {
        for (var companion : List.copyOf(phone.companions.values())) {
            companion.deliver(Stanza.of(
                            "message",
                            "from",
                            phone.lid(),
                            "id",
                            Phone.messageId(),
                            "type",
                            "text",
                            "category",
                            "peer",
                            "t",
                            Network.now())
                    .with(Carrier.enc(phone.encrypt(companion, Phone.padded(message)))));
        }
        return phone.companions.size();
    }

    private static Stanza notification(String type, String from, String... more) {
        var attributes = new String[] {"from", from, "id", "n-" + Phone.messageId(), "type", type, "t", Network.now()};
        var all = Arrays.copyOf(attributes, attributes.length + more.length);
        System.arraycopy(more, 0, all, attributes.length, more.length);
        return Stanza.of("notification", all);
    }

    private static int tell(Phone phone, Stanza stanza) {
        for (var companion : List.copyOf(phone.companions.values())) {
            companion.deliver(stanza);
        }
        return phone.companions.size();
    }

    /** A file on the media host. */
    private record Sealed(byte[] key, byte[] hash, String path) {
        static Sealed of(Network network, byte[] file, String info) throws GeneralSecurityException {
            var key = Crypto.random(32);
            var keys = Crypto.hkdf(new byte[32], key, info, 112);
            var iv = Arrays.copyOf(keys, 16);
            var sealed = Crypto.cbc(true, Arrays.copyOfRange(keys, 16, 48), iv, file);
            var mac = Arrays.copyOf(Crypto.hmac(Arrays.copyOfRange(keys, 48, 80), iv, sealed), MAC_BYTES);
            var upload = Crypto.join(sealed, mac);
            return new Sealed(key, Crypto.sha256(upload), network.media.keep(upload));
        }
    }
}
