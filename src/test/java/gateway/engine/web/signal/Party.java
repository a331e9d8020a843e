package gateway.engine.web.signal;

import static gateway.engine.web.Vectors.bytes;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.engine.web.primitive.WireRefusal;

/** One side of a talk: an identity, pre-keys that are used up as they should be, and a session for each peer. */
final class Party implements PreKeys {
    final LocalIdentity me;
    final int signedId;
    final CurvePair signed;
    final byte[] signature;
    final Map<Integer, CurvePair> oneTime = new HashMap<>();
    final Map<String, SignalSession> sessions = new HashMap<>();

    Party(LocalIdentity me, int signedId, CurvePair signed, byte[] signature) {
        this.me = me;
        this.signedId = signedId;
        this.signed = signed;
        this.signature = signature;
    }

    static Party of(JsonNode party) {
        JsonNode signed = party.get("signedPreKey");
        Party result = new Party(
                new LocalIdentity(CurvePair.of(bytes(party, "identityPrivate")), (int)
                        party.get("registrationId").asLong()),
                signed.get("id").asInt(),
                CurvePair.of(bytes(signed, "private")),
                bytes(signed, "signature"));
        for (JsonNode key : party.get("preKeys")) {
            result.oneTime.put(key.get("id").asInt(), CurvePair.of(bytes(key, "private")));
        }
        return result;
    }

    static Party drawn(RandomGenerator random, int registrationId, int preKeys) {
        LocalIdentity me = new LocalIdentity(CurvePair.draw(random), registrationId);
        CurvePair signed = CurvePair.draw(random);
        Party result = new Party(
                me,
                1,
                signed,
                XEdDsa.sign(me.identity().secret().bytes(), signed.known().typed(), random));
        for (int id = 1; id <= preKeys; id++) {
            result.oneTime.put(id, CurvePair.draw(random));
        }
        return result;
    }

    PreKeyBundle bundle(Optional<Integer> preKeyId) {
        return new PreKeyBundle(
                me.registrationId(),
                me.identity().known(),
                signedId,
                signed.known(),
                signature,
                preKeyId.map(id -> new PreKeyBundle.OneTime(id, oneTime.get(id).known())));
    }

    Optional<SignalSession> session(String peer) {
        return Optional.ofNullable(sessions.get(peer));
    }

    SessionCipher.Encrypted encrypt(String peer, byte[] plain) {
        SessionCipher.Encrypted result = SessionCipher.encrypt(sessions.get(peer), me, plain);
        sessions.put(peer, result.next());
        return result;
    }

    SessionCipher.Decrypted decrypt(String peer, SessionCipher.Kind kind, byte[] wire, RandomGenerator random)
            throws WireRefusal {
        SessionCipher.Decrypted result = SessionCipher.decrypt(session(peer), me, kind, wire, this, random);
        sessions.put(peer, result.next());
        result.usedPreKey().ifPresent(oneTime::remove);
        return result;
    }

    @Override
    public Optional<CurvePair> oneTime(int id) {
        return Optional.ofNullable(oneTime.get(id));
    }

    @Override
    public Optional<CurvePair> signed(int id) {
        return id == signedId ? Optional.of(signed) : Optional.empty();
    }
}
