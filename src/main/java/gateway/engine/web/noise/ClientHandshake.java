package gateway.engine.web.noise;

import java.time.Instant;
import java.util.Optional;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage.ClientFinish;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage.ClientHello;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage.ServerHello;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;

/** The client's side of the Noise XX handshake, for one connection (web-1 §2.2). */
public final class ClientHandshake {
    private final NoiseState state = new NoiseState();
    private final CurvePair ephemeral;
    private final CurvePair noise;
    private final CurvePublic root;

    /**
     * A handshake that has not begun.
     *
     * @param ephemeral a pair drawn for this connection
     * @param noise     the account's long-lived pair
     * @param root      the root key under which the server's certificates must stand
     */
    public ClientHandshake(CurvePair ephemeral, CurvePair noise, CurvePublic root) {
        this.ephemeral = ephemeral;
        this.noise = noise;
        this.root = root;
        state.authenticate(Frames.HEADER);
        state.authenticate(ephemeral.known().raw());
    }

    /** The first message, to be sent as a frame behind the intro. */
    public byte[] hello() {
        return HandshakeMessage.newBuilder()
                .setClientHello(ClientHello.newBuilder()
                        .setEphemeral(bytes(ephemeral.known().raw())))
                .build()
                .toByteArray();
    }

    /**
     * Checks the server's answer, and makes the last message of the handshake. A handshake answers once.
     *
     * @param payload the serialized ClientPayload
     * @throws WireRefusal ({@code BAD_SIGNATURE}) for a chain that fails a check, and names the check; {@code BAD_MAC},
     *     {@code BAD_KEY} and {@code MALFORMED} for everything else that is not a server's answer
     */
    public Finish answer(byte[] serverHello, byte[] payload, Instant now) throws WireRefusal {
        ServerHello hello = parse(serverHello);
        byte[] theirs = hello.getEphemeral().toByteArray();
        CurvePublic ephemeralKey = CurvePublic.of(theirs);
        state.authenticate(theirs);
        state.mix(ephemeral.agree(ephemeralKey));
        byte[] staticKey = state.decrypt(hello.getStatic().toByteArray());
        state.mix(ephemeral.agree(CurvePublic.of(staticKey)));
        byte[] chain = state.decrypt(hello.getPayload().toByteArray());
        Optional<CertificateFault> fault = CertificateChain.check(chain, root, staticKey, now);
        if (fault.isPresent()) {
            throw new WireRefusal(
                    Reason.BAD_SIGNATURE,
                    "the server's certificate: " + fault.get().word());
        }
        byte[] ourStatic = state.encrypt(noise.known().raw());
        state.mix(noise.agree(ephemeralKey));
        byte[] ourPayload = state.encrypt(payload);
        byte[] finish = HandshakeMessage.newBuilder()
                .setClientFinish(
                        ClientFinish.newBuilder().setStatic(bytes(ourStatic)).setPayload(bytes(ourPayload)))
                .build()
                .toByteArray();
        return new Finish(finish, state.split());
    }

    private static ServerHello parse(byte[] serverHello) throws WireRefusal {
        try {
            HandshakeMessage message = HandshakeMessage.parseFrom(serverHello);
            if (message.hasServerHello()) {
                return message.getServerHello();
            }
            throw new WireRefusal(Reason.MALFORMED, "the handshake's answer has no serverHello");
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "the handshake's answer is not a protobuf");
        }
    }

    private static ByteString bytes(byte[] bytes) {
        return ByteString.copyFrom(bytes);
    }

    /** The last message of the handshake, to be sent as a frame, and the ciphers of what follows. */
    public record Finish(byte[] message, FrameCipher cipher) {}
}
