package gateway.engine.web.noise;

import java.util.Random;

import com.google.protobuf.ByteString;

import gateway.engine.web.proto.NoiseProto.CertChain;
import gateway.engine.web.proto.NoiseProto.CertChain.NoiseCertificate;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage;
import gateway.engine.web.proto.NoiseProto.HandshakeMessage.ServerHello;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.XEdDsa;

/** The server's side of a handshake, with a root, an intermediate and a static key of its own. */
public final class TestResponder {
    private static final long ALWAYS = 1L << 40;

    private final Random random = new Random(19);
    private final CurvePair root = CurvePair.draw(random);
    private final CurvePair intermediate = CurvePair.draw(random);
    private final CurvePair fixed = CurvePair.draw(random);
    private final CurvePair ephemeral = CurvePair.draw(random);
    private final NoiseState state = new NoiseState();

    public CurvePublic root() {
        return root.known();
    }

    /** The answer to a client's first message. */
    public byte[] answer(byte[] clientHello) throws Exception {
        byte[] theirs = HandshakeMessage.parseFrom(clientHello)
                .getClientHello()
                .getEphemeral()
                .toByteArray();
        state.authenticate(Frames.HEADER);
        state.authenticate(theirs);
        state.authenticate(ephemeral.known().raw());
        state.mix(ephemeral.agree(CurvePublic.of(theirs)));
        byte[] staticKey = state.encrypt(fixed.known().raw());
        state.mix(fixed.agree(CurvePublic.of(theirs)));
        return HandshakeMessage.newBuilder()
                .setServerHello(ServerHello.newBuilder()
                        .setEphemeral(ByteString.copyFrom(ephemeral.known().raw()))
                        .setStatic(ByteString.copyFrom(staticKey))
                        .setPayload(ByteString.copyFrom(state.encrypt(chain()))))
                .build()
                .toByteArray();
    }

    /** The client's last message: its payload, and the cipher of the server's side. */
    public Accepted accept(byte[] clientFinish) throws Exception {
        HandshakeMessage.ClientFinish finish =
                HandshakeMessage.parseFrom(clientFinish).getClientFinish();
        CurvePublic noise = CurvePublic.of(state.decrypt(finish.getStatic().toByteArray()));
        state.mix(ephemeral.agree(noise));
        byte[] payload = state.decrypt(finish.getPayload().toByteArray());
        FrameCipher client = state.split();
        return new Accepted(noise, payload, new FrameCipher(client.readKey(), client.writeKey()));
    }

    private byte[] chain() {
        return CertChain.newBuilder()
                .setLeaf(certificate(7, 5, fixed, intermediate))
                .setIntermediate(certificate(5, 0, intermediate, root))
                .build()
                .toByteArray();
    }

    private static NoiseCertificate certificate(int serial, int issuer, CurvePair subject, CurvePair signer) {
        byte[] details = NoiseCertificate.Details.newBuilder()
                .setSerial(serial)
                .setIssuerSerial(issuer)
                .setKey(ByteString.copyFrom(subject.known().raw()))
                .setNotBefore(0)
                .setNotAfter(ALWAYS)
                .build()
                .toByteArray();
        return NoiseCertificate.newBuilder()
                .setDetails(ByteString.copyFrom(details))
                .setSignature(ByteString.copyFrom(XEdDsa.sign(signer.secret().bytes(), details)))
                .build();
    }

    /** A client that has shown who it is. */
    public record Accepted(CurvePublic noise, byte[] payload, FrameCipher cipher) {}
}
