package gateway.engine.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.appstate.AppState;
import gateway.engine.web.appstate.StateAnswer;
import gateway.engine.web.history.HistoryChunk;
import gateway.engine.web.media.MediaHosts;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.message.MessagePadding;
import gateway.engine.web.message.Poll;
import gateway.engine.web.message.ReportingToken;
import gateway.engine.web.message.StanzaKind;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeDecoder;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.pairing.CodeLink;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.pairing.DeviceIdentity;
import gateway.engine.web.pairing.PairDevice;
import gateway.engine.web.pairing.PairSuccess;
import gateway.engine.web.pairing.PasskeyStanzas;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.PairingProto.ADVSignedDeviceIdentityHMAC;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.CallNotice;
import gateway.engine.web.receive.ChatStates;
import gateway.engine.web.receive.DeviceLists;
import gateway.engine.web.receive.IncomingReceipt;
import gateway.engine.web.receive.MessageSource;
import gateway.engine.web.receive.OwnAddress;
import gateway.engine.web.receive.PreKeyBundles;
import gateway.engine.web.receive.PrivacyTokenNotice;
import gateway.engine.web.receive.RetryReceipts;
import gateway.engine.web.signal.GroupCipher;
import gateway.engine.web.signal.SenderKeys;
import gateway.engine.web.signal.SessionCipher;

/**
 * A parser of bytes from outside, as fuzzers call it: it ends normally, or with a {@link WireRefusal}. Whatever else it
 * throws is a fault. The inputs that are kept are one a line in hexadecimal, in {@code src/test/resources/fuzz}.
 */
public enum FuzzTarget {
    /** Frames: what is decoded means the same when it is encoded and decoded again. */
    NODE {
        @Override
        void take(byte[] input) throws WireRefusal {
            byte[] once = NodeEncoder.encode(NodeDecoder.decode(input));
            if (!Arrays.equals(once, NodeEncoder.encode(NodeDecoder.decode(once)))) {
                throw new AssertionError("a node changes on its way through the codec");
            }
        }
    },
    /** Stanzas that the server sends unasked or as an answer: every reader looks at each. */
    STANZA {
        @Override
        void take(byte[] input) throws WireRefusal {
            Node stanza = NodeDecoder.decode(input);
            for (Reader reader : READERS) {
                try {
                    reader.read(stanza);
                } catch (WireRefusal _) {
                    // Most readers refuse a stanza of another kind.
                }
            }
        }
    },
    /** Messages of a person, and what the phone tells of state and history; the first byte says which. */
    PROTOBUF {
        @Override
        void take(byte[] input) throws WireRefusal {
            byte[] rest = rest(input);
            switch (kind(input, 4)) {
                case 0 -> message(MessagePadding.unpad(rest));
                case 1 -> AppState.patch(rest);
                case 2 -> AppState.snapshot(rest);
                default -> history(rest);
            }
        }
    },
    /** Messages of a session, and those that open one; the first byte says which. */
    SIGNAL {
        @Override
        void take(byte[] input) throws WireRefusal {
            var kind = kind(input, 2) == 0 ? SessionCipher.Kind.MSG : SessionCipher.Kind.PKMSG;
            SessionCipher.decrypt(
                    Optional.of(FuzzedTalk.SESSION),
                    FuzzedTalk.ME,
                    kind,
                    rest(input),
                    FuzzedTalk.PRE_KEYS,
                    new Random(1));
        }
    },
    /** Messages of a group, and the distributions of their keys; the first byte says which. */
    SENDER_KEY {
        @Override
        void take(byte[] input) throws WireRefusal {
            if (kind(input, 2) == 0) {
                GroupCipher.decrypt(Optional.of(FuzzedTalk.GROUP), rest(input));
            } else {
                SenderKeys next = GroupCipher.accept(Optional.of(FuzzedTalk.GROUP), rest(input));
                GroupCipher.decrypt(Optional.of(next), FuzzedTalk.GROUP_MESSAGE);
            }
        }
    },
    /** What the server and the phone say while a device is linked: a stanza, or a part of one; the first byte says which. */
    PAIRING {
        @Override
        void take(byte[] input) throws WireRefusal {
            byte[] rest = rest(input);
            switch (kind(input, 4)) {
                case 0 -> pairing(NodeDecoder.decode(rest));
                case 1 -> identity(rest);
                case 2 -> PasskeyStanzas.phonesPart(part("primary_ephemeral_identity", rest));
                default -> PasskeyStanzas.options(part("passkey_request_options", rest));
            }
        }
    };

    private interface Reader {
        void read(Node stanza) throws WireRefusal;
    }

    private static final DeviceJid PERSON = DeviceJid.parse("100000000000101@lid");
    private static final OwnAddress SELF =
            new OwnAddress(DeviceJid.parse("6281111111111:1@s.whatsapp.net"), Optional.empty());
    private static final List<Reader> READERS = List.of(
            stanza -> MessageSource.of(stanza, SELF),
            IncomingReceipt::of,
            CallNotice::of,
            ChatStates::of,
            DeviceLists::answer,
            stanza -> DeviceLists.devices(PERSON, stanza),
            PreKeyBundles::read,
            stanza -> PrivacyTokenNotice.of(stanza, PERSON),
            stanza -> RetryReceipts.nextTry(stanza, 0),
            Answers::ack,
            MediaHosts::of,
            StateAnswer::of);
    private static final DeviceCredentials OWN = DeviceCredentials.draw(new Random(20));

    abstract void take(byte[] input) throws WireRefusal;

    /** Takes one input; whether it was accepted. */
    public boolean accepts(byte[] input) {
        try {
            take(input);
            return true;
        } catch (WireRefusal _) {
            return false;
        }
    }

    /** The inputs that are kept. */
    public List<byte[]> corpus() {
        String name = "/fuzz/" + name().toLowerCase(Locale.ROOT) + ".hex";
        try (var in = Objects.requireNonNull(FuzzTarget.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .map(Vectors::hex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int kind(byte[] input, int kinds) {
        return input.length == 0 ? 0 : (input[0] & 0xFF) % kinds;
    }

    private static byte[] rest(byte[] input) {
        return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    }

    private static Node part(String tag, byte[] content) {
        return Node.of("notification").holding(Node.of(tag).holding(content));
    }

    private static void message(byte[] message) throws WireRefusal {
        var unwrapped = DeviceSent.unwrap(message);
        DeviceSent.wrap("6281111111111@s.whatsapp.net", message);
        StanzaKind.of(message);
        ReportingToken.of(new byte[32], "ID", "1@lid", "2@lid", message);
        Message parsed;
        try {
            parsed = Message.parseFrom(unwrapped.isPresent() ? unwrapped.get().message() : message);
        } catch (InvalidProtocolBufferException _) {
            return;
        }
        Inbound.content(parsed, jid -> jid);
        if (Inbound.poll(parsed).isPresent()) {
            Poll.read(message);
        }
    }

    private static void history(byte[] deflated) throws WireRefusal {
        try {
            HistoryChunk.read(new ByteArrayInputStream(deflated), conversation -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pairing(Node stanza) throws WireRefusal {
        PairDevice.of(stanza);
        var success = PairSuccess.of(stanza);
        if (success.isPresent()) {
            success.get().accept(OWN, new Random(1));
        }
        if (CodeLink.isPhonesPart(stanza)) {
            CodeLink.ref(stanza);
        }
        if (PasskeyStanzas.isRequest(stanza)) {
            PasskeyStanzas.options(stanza);
        }
        if (PasskeyStanzas.isPhonesPart(stanza)) {
            PasskeyStanzas.phonesPart(stanza);
        }
    }

    /** Gives the details a MAC that counts, which no fuzzer finds. */
    private static void identity(byte[] details) throws WireRefusal {
        byte[] mac = Hmac.sha256(OWN.advSecret().bytes(), details);
        DeviceIdentity.accept(
                ADVSignedDeviceIdentityHMAC.newBuilder()
                        .setDetails(ByteString.copyFrom(details))
                        .setHmac(ByteString.copyFrom(mac))
                        .build()
                        .toByteArray(),
                OWN.advSecret(),
                OWN.identity(),
                new Random(1));
    }
}
