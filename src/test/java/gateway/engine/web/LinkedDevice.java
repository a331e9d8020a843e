package gateway.engine.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.Hello;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.connection.Timing;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.message.DeviceSent;
import gateway.engine.web.message.MessagePadding;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.pairing.ClientPayloads;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.CodeLink;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.pairing.PairDevice;
import gateway.engine.web.pairing.PairSuccess;
import gateway.engine.web.pairing.PairingQr;
import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.MessageSource;
import gateway.engine.web.receive.OwnAddress;
import gateway.engine.web.receive.PreKeyBundles;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SignalSession;
import gateway.twin.web.Twin;

/** A device made of the engine's layers, each by its public face, in front of a twin. It keeps its state in memory. */
final class LinkedDevice implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Timing CALM = new Timing(SOON, SOON, SOON, Duration.ofMinutes(5), Duration.ofMinutes(20));
    private static final ClientProfile PROFILE =
            new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", "Chrome", "US", false);
    private static final int TEXT_FIELD = 1;

    private final Random random = new Random();
    private final ServerAddress endpoint;
    private final Map<String, SignalSession> sessions = new HashMap<>();
    private final DevicePreKeys preKeys = new DevicePreKeys(random);
    private DeviceCredentials credentials = DeviceCredentials.draw(random);
    private WebConnection connection;
    private List<String> refs = List.of();
    private Timing timing = CALM;

    LinkedDevice(Twin twin) throws WireRefusal {
        endpoint = new ServerAddress(
                URI.create(twin.webSocket()),
                CurvePublic.of(HexFormat.of().parseHex(twin.rootKey())),
                Optional.empty());
    }

    /** What came in, opened. */
    record Received(String id, String text, MessageSource source) {}

    /** From the next connection on a sign of life is given every second or so. */
    void watchful() {
        timing = new Timing(SOON, SOON, SOON, Duration.ofSeconds(1), Duration.ofMinutes(20));
    }

    WebConnection connection() {
        return connection;
    }

    DeviceCredentials.Paired account() {
        return credentials.paired().orElseThrow();
    }

    int preKeysLeft() {
        return preKeys.left();
    }

    /** Opens an unpaired connection, and answers its offer. */
    LinkedDevice register() throws Exception {
        open(ClientPayloads.registration(PROFILE, credentials).toByteArray());
        PairDevice offer = PairDevice.of(next()).orElseThrow();
        connection.send(offer.answer());
        refs = offer.refs();
        return this;
    }

    String qr() {
        return PairingQr.text(refs.getFirst(), credentials, PROFILE);
    }

    /** Asks for the pairing by a code. */
    Code askForCode(String number) throws Exception {
        CodeLink link = CodeLink.begin(number, random);
        byte[] ref = CodeLink.ref(connection.request(link.hello(credentials, PROFILE, random)));
        return new Code(link, ref);
    }

    /** A code that was shown, and the server's name of the exchange. */
    record Code(CodeLink link, byte[] ref) {}

    /** Takes the phone's half of the exchange, and answers it. */
    void finish(Code code) throws Exception {
        Node part = next();
        if (!CodeLink.isPhonesPart(part)) {
            throw new AssertionError(part.tag());
        }
        connection.send(Answers.ack(part));
        CodeLink.Finish finish = code.link().finish(part, code.ref(), credentials, random);
        credentials = finish.credentials();
        connection.request(finish.request());
    }

    /** Takes the phone's agreement, checks and answers it; a refusal is answered as well. */
    void agree() throws Exception {
        PairSuccess success = PairSuccess.of(next()).orElseThrow();
        try {
            PairSuccess.Linked linked = success.accept(credentials, random);
            credentials = linked.credentials();
            connection.send(linked.answer());
        } catch (WireRefusal e) {
            connection.send(success.refusal(e));
            throw e;
        }
        End end = end();
        if (!(end instanceof End.Restart)) {
            throw new AssertionError(end.text());
        }
    }

    /** Logs in with the stored keys, without asking for what waits. */
    void login() throws Exception {
        open(ClientPayloads.login(PROFILE, account().jid(), true).toByteArray());
    }

    /** Logs in, tops the pre-keys up, and asks for what waits. */
    LinkedDevice activate() throws Exception {
        login();
        Node success = next();
        if (!success.is("success")) {
            throw new AssertionError(success.tag());
        }
        Node count = connection.request(question("get", "encrypt").holding(Node.of("count")));
        if (count.requiredChild("count").required("value").equals("0")) {
            connection.request(question("set", "encrypt").holding(preKeys.renewed(credentials)));
        }
        connection.request(question("set", "passive").holding(Node.of("active")));
        return this;
    }

    /** Waits for the element that follows all that waited: what the server sends next was asked for later. */
    LinkedDevice settled() throws Exception {
        Node node = next();
        while (node.child("offline").isEmpty()) {
            node = next();
        }
        return this;
    }

    /** Sends a text to a person's phone alone, in a session that is opened when there is none; the acknowledgement. */
    Node send(DeviceJid phone, String text) throws Exception {
        if (!sessions.containsKey(phone.text())) {
            Node user = connection
                    .request(PreKeyBundles.question(List.of(phone)))
                    .requiredChild("list")
                    .requiredChild("user");
            sessions.put(
                    phone.text(),
                    SessionCipher.open(Optional.empty(), credentials.local(), PreKeyBundles.read(user), random));
        }
        byte[] message = new FieldWriter()
                .bytes(TEXT_FIELD, text.getBytes(StandardCharsets.UTF_8))
                .written();
        SessionCipher.Encrypted sealed = SessionCipher.encrypt(
                sessions.get(phone.text()), credentials.local(), MessagePadding.pad(message, random));
        sessions.put(phone.text(), sealed.next());
        String id = "3EB0" + HexFormat.of().withUpperCase().toHexDigits(random.nextLong());
        Node stanza = Node.of("message")
                .with("id", id)
                .with("to", phone)
                .with("type", "text")
                .holding(
                        Node.of("participants")
                                .holding(Node.of("to")
                                        .with("jid", phone)
                                        .holding(Node.of("enc")
                                                .with("v", "2")
                                                .with(
                                                        "type",
                                                        sealed.kind().name().toLowerCase(Locale.ROOT))
                                                .holding(sealed.wire()))),
                        Node.of("device-identity").holding(account().signedIdentity()));
        return connection.exchange(id, NodeEncoder.encode(stanza), SOON);
    }

    /** Takes the next message, opens it, and answers it with a receipt. */
    Received receive() throws Exception {
        Node message = next();
        while (!message.is("message")) {
            if (!message.is("ib")) {
                connection.send(Answers.ack(message));
            }
            message = next();
        }
        MessageSource source = MessageSource.of(
                message, new OwnAddress(account().jid(), account().lid()));
        Node enc = message.requiredChild("enc");
        String sender = source.sender().text();
        SessionCipher.Decrypted opened = SessionCipher.decrypt(
                Optional.ofNullable(sessions.get(sender)),
                credentials.local(),
                SessionCipher.Kind.valueOf(enc.required("type").toUpperCase(Locale.ROOT)),
                enc.bytes(),
                preKeys.of(credentials),
                random);
        sessions.put(sender, opened.next());
        opened.usedPreKey().ifPresent(preKeys::drop);
        connection.send(Answers.received(message, source, true));
        byte[] plain = MessagePadding.unpad(opened.plain());
        byte[] said =
                DeviceSent.unwrap(plain).map(DeviceSent.Unwrapped::message).orElse(plain);
        return new Received(source.id(), text(said), source);
    }

    private static String text(byte[] message) throws WireRefusal {
        FieldReader fields = new FieldReader(message);
        while (fields.next()) {
            if (fields.number() == TEXT_FIELD) {
                return new String(fields.bytes(), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** The next stanza, within twenty seconds. */
    Node next() throws ConnectionEnded, InterruptedException {
        return connection.next(SOON).orElseThrow(() -> new AssertionError("nothing came"));
    }

    /** The end of the connection, within twenty seconds; what comes before it is passed over. */
    End end() throws InterruptedException {
        try {
            while (connection.next(SOON).isPresent()) {
                // What came before the end is not of interest.
            }
        } catch (ConnectionEnded e) {
            return e.end();
        }
        throw new AssertionError("the connection does not end");
    }

    private static Node question(String type, String namespace) {
        return Node.of("iq").with("type", type).with("xmlns", namespace).with("to", DeviceJid.SERVER);
    }

    private void open(byte[] payload) throws Exception {
        close();
        connection = WebConnection.open(
                CLIENT,
                endpoint,
                timing,
                new Hello(credentials.noise(), new byte[0], () -> payload, random, InstantSource.system()));
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
