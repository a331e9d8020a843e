package gateway.engine.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.PreKeys;

/** The one-time pre-keys of a {@link LinkedDevice}, in memory, and their form as the server takes them. */
final class DevicePreKeys {
    private static final int COUNT = 30;

    private final Random random;
    private final Map<Integer, CurvePair> oneTime = new HashMap<>();

    DevicePreKeys(Random random) {
        this.random = random;
    }

    int left() {
        return oneTime.size();
    }

    void drop(int id) {
        oneTime.remove(id);
    }

    /** Draws thirty new ones; the content of the question that hands them over with the device's other public keys. */
    Node[] renewed(DeviceCredentials credentials) {
        DeviceCredentials.SignedPreKey signed = credentials.signedPreKey();
        List<Node> keys = new ArrayList<>();
        for (int id = 1; id <= COUNT; id++) {
            CurvePair pair = CurvePair.draw(random);
            oneTime.put(id, pair);
            keys.add(Node.of("key").holding(parts(id, pair)));
        }
        List<Node> signedParts = new ArrayList<>(parts(signed.id(), signed.pair()));
        signedParts.add(Node.of("signature").holding(signed.signature()));
        return new Node[] {
            Node.of("registration").holding(number(credentials.registrationId(), Integer.BYTES)),
            Node.of("type").holding(new byte[] {5}),
            Node.of("identity").holding(credentials.identity().known().raw()),
            Node.of("list").holding(keys),
            Node.of("skey").holding(signedParts)
        };
    }

    private static List<Node> parts(int id, CurvePair pair) {
        return List.of(
                Node.of("id").holding(number(id, 3)),
                Node.of("value").holding(pair.known().raw()));
    }

    private static byte[] number(int value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >> 8 * (length - 1 - i));
        }
        return bytes;
    }

    /** What a decryption reads. */
    PreKeys of(DeviceCredentials credentials) {
        return new PreKeys() {
            @Override
            public Optional<CurvePair> oneTime(int id) {
                return Optional.ofNullable(oneTime.get(id));
            }

            @Override
            public Optional<CurvePair> signed(int id) {
                return Optional.of(credentials.signedPreKey())
                        .filter(key -> key.id() == id)
                        .map(DeviceCredentials.SignedPreKey::pair);
            }
        };
    }
}
