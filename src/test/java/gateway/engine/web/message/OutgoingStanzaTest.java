package gateway.engine.web.message;

import static gateway.engine.web.Vectors.bytes;
import static gateway.engine.web.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;
import gateway.engine.web.message.OutgoingStanza.ForDevice;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.node.VectorNodes;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.LocalIdentity;
import gateway.engine.web.signal.PreKeys;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SessionCipher.Encrypted;
import gateway.engine.web.signal.SessionCipher.Kind;
import gateway.engine.web.signal.SignalSession;

class OutgoingStanzaTest {
    private static final String FILE = "message-stanzas.json";
    /** The one case in which this engine leaves an attribute out: a server is said to drop a concealed revocation. */
    private static final String REVOKED = "own message revoked";

    private static Optional<byte[]> child(Node stanza, String name) {
        return stanza.child(name).map(Node::bytes);
    }

    private static List<ForDevice> devices(Node stanza) throws Exception {
        List<ForDevice> devices = new ArrayList<>();
        for (Node to : stanza.requiredChild("participants").children()) {
            Node enc = to.requiredChild("enc");
            devices.add(new ForDevice(
                    to.requiredJid("jid"),
                    new Encrypted(null, Kind.valueOf(enc.required("type").toUpperCase(Locale.ROOT)), enc.bytes())));
        }
        return devices;
    }

    private static StanzaKind kind(JsonNode vector) throws Exception {
        JsonNode plain = vector.get("plaintexts");
        return StanzaKind.of(Vectors.hex(
                (plain.has("group message") ? plain.get("group message") : plain.get("100000000000101@lid")).asText()));
    }

    @Test
    void stanzasAreThoseOfWhatsmeow() throws Exception {
        for (JsonNode vector : Vectors.cases(FILE)) {
            Node theirs = VectorNodes.read(vector.get("sent"));
            byte[] identity = child(theirs, "device-identity").orElse(new byte[0]);
            DeviceJid to = theirs.requiredJid("to");
            Node ours;
            if (to.isGroup()) {
                List<DeviceJid> members = new ArrayList<>(
                        devices(theirs).stream().map(ForDevice::device).toList());
                members.add(DeviceJid.parse(
                        Vectors.file(FILE).get("about").get("self").get("lid").asText()));
                ours = OutgoingStanza.group(
                        theirs.required("id"),
                        to,
                        true,
                        members,
                        kind(vector),
                        devices(theirs),
                        identity,
                        theirs.requiredChild("enc").bytes(),
                        List.of());
            } else {
                ours = OutgoingStanza.direct(
                        theirs.required("id"),
                        to,
                        theirs.jid("peer_recipient_pn"),
                        kind(vector),
                        devices(theirs),
                        identity,
                        List.of());
            }
            assertEquals(
                    shown(theirs, vector.get("name").asText().equals(REVOKED)),
                    shown(ours, false),
                    vector.get("name").asText());
            NodeEncoder.encode(ours);
        }
    }

    /** A node as text whose attributes are sorted. */
    private static String shown(Node node, boolean unconcealed) {
        Map<String, Object> attributes = new java.util.TreeMap<>(node.attributes());
        if (unconcealed) {
            attributes.remove("decrypt-fail");
        }
        Map<String, String> texts = new java.util.TreeMap<>();
        attributes.keySet().forEach(name -> texts.put(name, node.attribute(name).orElseThrow()));
        return node.tag()
                + texts
                + (node.children().isEmpty()
                        ? hex(node.bytes())
                        : node.children().stream()
                                .map(child -> shown(child, unconcealed))
                                .toList());
    }

    @Test
    void everyDeviceReadsWhatIsMeantForIt() throws Exception {
        Map<String, SignalSession> sessions = new HashMap<>();
        Map<String, JsonNode> keys = new HashMap<>();
        Vectors.file(FILE)
                .get("about")
                .get("devices")
                .forEach(device -> keys.put(device.get("jid").asText(), device));
        for (JsonNode vector : Vectors.cases(FILE)) {
            for (ForDevice each : devices(VectorNodes.read(vector.get("sent")))) {
                String jid = each.device().text();
                SessionCipher.Decrypted opened = SessionCipher.decrypt(
                        Optional.ofNullable(sessions.get(jid)),
                        new LocalIdentity(
                                CurvePair.of(bytes(keys.get(jid), "identityPrivate")),
                                keys.get(jid).get("registrationId").asInt()),
                        each.sealed().kind(),
                        each.sealed().wire(),
                        preKeys(keys.get(jid)),
                        new Random(1));
                sessions.put(jid, opened.next());
                assertEquals(
                        vector.get("plaintexts").get(jid).asText(),
                        hex(MessagePadding.unpad(opened.plain())),
                        vector.get("name").asText());
            }
        }
    }

    private static PreKeys preKeys(JsonNode device) {
        return new PreKeys() {
            @Override
            public Optional<CurvePair> oneTime(int id) {
                JsonNode key = device.get("preKeys").get(0);
                return key.get("id").asInt() == id
                        ? Optional.of(CurvePair.of(bytes(key, "private")))
                        : Optional.empty();
            }

            @Override
            public Optional<CurvePair> signed(int id) {
                return Optional.of(CurvePair.of(bytes(device.get("signedPreKey"), "private")));
            }
        };
    }

    @Test
    void aMessageToNoDeviceIsNotMade() throws Exception {
        StanzaKind text = StanzaKind.of(new byte[] {10, 1, 'a'});
        DeviceJid to = DeviceJid.parse("100000000000101@lid");
        assertThrows(
                IllegalArgumentException.class,
                () -> OutgoingStanza.direct("3EB0", to, Optional.empty(), text, List.of(), new byte[0], List.of()));
    }
}
