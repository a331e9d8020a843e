package gateway.engine.web.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.PairingProto.PrimaryEphemeralIdentity;
import gateway.engine.web.signal.CurvePair;

/** The stanzas of the passkey step, also those that a server sends by mistake. */
class PasskeyStanzaTest {
    private static Node demand(String options) {
        return Node.of("notification")
                .holding(Node.of("passkey_request_options").holding(options.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"challenge\":7}",
                "{\"challenge\":\"\"}",
                "{\"challenge\":\"*\"}",
                "{\"rpId\":\"whatsapp.com\"}"
            })
    void optionsWithoutAChallengeAreRefused(String options) {
        assertEquals(
                Reason.MALFORMED,
                assertThrows(WireRefusal.class, () -> PasskeyStanzas.options(demand(options)))
                        .reason());
    }

    @Test
    void optionsThatAreTooLargeOrTooDeepAreRefused() {
        String large = "{\"challenge\":\"" + "A".repeat(1 << 14) + "\"}";
        assertEquals(
                Reason.OVERSIZED,
                assertThrows(WireRefusal.class, () -> PasskeyStanzas.options(demand(large)))
                        .reason());
        String deep = "{\"challenge\":\"AAAA\",\"extensions\":" + "[".repeat(20) + "]".repeat(20) + "}";
        assertThrows(WireRefusal.class, () -> PasskeyStanzas.options(demand(deep)));
    }

    @Test
    void membersThatAreNotKnownStay() throws WireRefusal {
        String options = "{\"challenge\":\"AAAA\",\"extensions\":{\"new\":[1]}}";
        assertEquals(options, PasskeyStanzas.options(demand(options)));
    }

    @ParameterizedTest
    @CsvSource({"s.whatsapp.net, true", "6281111111111@s.whatsapp.net, false", "'', false"})
    void onlyTheServerDemands(String from, boolean taken) {
        Node stanza =
                Node.of("notification").with("type", "passkey_prologue_request").with("from", from);
        assertEquals(taken, PasskeyStanzas.isRequest(stanza));
        assertEquals(taken, PasskeyStanzas.isPhonesPart(stanza.with("type", "crsc_continuation")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void aPartOfThePhoneThatIsNotWholeIsRefused(int bytes) {
        byte[] known = CurvePair.draw(new Random(1)).known().raw();
        byte[] part = PrimaryEphemeralIdentity.newBuilder()
                .setPublicKey(ByteString.copyFrom(known))
                .setNonce(ByteString.copyFrom(new byte[bytes]))
                .build()
                .toByteArray();
        Node stanza = Node.of("notification")
                .holding(Node.of("primary_ephemeral_identity").holding(part));
        assertThrows(WireRefusal.class, () -> PasskeyStanzas.phonesPart(stanza));
    }

    @Test
    void aDrawnExchangeIsItsOwn() {
        ClientProfile profile = new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", "Chrome", "US", false);
        PasskeyExchange one = PasskeyExchange.draw(profile, "ref", new Random(1));
        PasskeyExchange other = PasskeyExchange.draw(profile, "ref", new Random(2));
        assertFalse(Arrays.equals(one.nonce(), other.nonce()));
        assertTrue(PasskeyStanzas.nonce(one)
                .attribute("to")
                .filter(DeviceJid.SERVER.text()::equals)
                .isPresent());
    }
}
