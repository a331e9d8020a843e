package gateway.twin.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

import gateway.twin.web.Crypto.Pair;

/** The phone's and the servers' half of the passkey step (dossier web-1 §4.5). */
final class PasskeyPairing {
    private static final byte[] NONE = new byte[0];
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";

    private final Network network;
    private final Connection connection;
    private final Phone phone;
    private final String relyingParty;
    /** The secret of the code that was scanned. */
    private final byte[] scannedSecret;

    private final byte[] challenge = Crypto.random(32);
    private final Pair ephemeral = Pair.fresh();
    private final byte[] nonce = Crypto.random(32);
    private final String ref = "passkey-" + HexFormat.of().formatHex(Crypto.random(8));
    private byte[] identity;
    private byte[] commitment;
    private byte[] key;
    private boolean handedOff;
    private boolean agreed;
    private String code = "";
    /** The last stanza of the device, when it came before the person had agreed. */
    private byte[] sealed;

    PasskeyPairing(Network network, Connection connection, Phone phone, byte[] scannedSecret) {
        this.network = network;
        this.connection = connection;
        this.phone = phone;
        this.relyingParty = network.faults.text("passkey").split(" ")[0];
        this.scannedSecret = scannedSecret;
    }

    /** Tells the device that the phone demands the passkey. */
    void demand() {
        notify(
                "passkey_prologue_request",
                "passkey_request_options",
                network.faults.on("passkey_unreadable") ? "{".getBytes(StandardCharsets.US_ASCII) : options());
    }

    private byte[] options() {
        return phone.passkey.options(challenge, relyingParty).getBytes(StandardCharsets.UTF_8);
    }

    private void notify(String type, String child, byte[] content) {
        connection.send(Stanza.of(
                        "notification",
                        "from",
                        "s.whatsapp.net",
                        "id",
                        type + "-" + Phone.messageId(),
                        "type",
                        type,
                        "t",
                        Network.now())
                .with(Stanza.of(child).with(content)));
    }

    boolean isOf(Phone candidate) {
        return candidate == phone;
    }

    /** The code that the phone shows; empty when the device has proven that it was scanned. */
    String code() {
        return handedOff ? "" : code;
    }

    /** Answers a question of the step; false for a question about something else. */
    boolean step(Stanza iq) throws GeneralSecurityException {
        if (iq.child("passkey_request_options").isPresent()) {
            connection.send(
                    Queries.result(iq).with(Stanza.of("passkey_request_options").with(options())));
        } else if (iq.child("ref").isPresent()) {
            connection.send(Queries.result(iq).with(Stanza.of("ref").with(ref.getBytes(StandardCharsets.US_ASCII))));
        } else if (iq.child("passkey_prologue").isPresent()) {
            prologue(iq, iq.child("passkey_prologue").get());
        } else if (iq.child("companion_nonce").isPresent()) {
            connection.send(Queries.result(iq));
            opened(iq.childBytes("companion_nonce"));
        } else if (iq.child("encrypted_pairing_request").isPresent()) {
            connection.send(Queries.result(iq));
            sealed = iq.childBytes("encrypted_pairing_request");
            finish();
        } else {
            return false;
        }
        return true;
    }

    private void prologue(Stanza iq, Stanza prologue) throws GeneralSecurityException {
        var payload = prologue.childBytes("prologue_payload");
        var objection = phone.passkey.objection(
                prologue.childBytes("webauthn_assertion"),
                prologue.childBytes("credential_id"),
                challenge,
                relyingParty);
        var proof = prologue.child("pairing_handoff_proof").map(Stanza::content);
        if (objection.isEmpty()
                && proof.isPresent()
                && !Arrays.equals(
                        proof.get(),
                        Crypto.hmac(
                                Crypto.hkdf(new byte[32], scannedSecret, "shortcake-passkey-handoff-v1", 32),
                                payload))) {
            objection = "a wrong proof of the hand-off";
        }
        if (!objection.isEmpty()) {
            network.ledger.add("passkey refused", objection);
            connection.send(Queries.refusal(iq, "401"));
            return;
        }
        handedOff = proof.isPresent();
        agreed = handedOff;
        var fields = Fields.read(payload);
        identity = fields.bytes(1);
        commitment = fields.message(2).bytes(1);
        if (!Fields.read(identity).text(3).equals(ref)) {
            throw new GeneralSecurityException("the prologue names another exchange");
        }
        network.ledger.add("passkey accepted", handedOff ? "handed off" : "to be compared");
        connection.send(Queries.result(iq));
        notify(
                "crsc_continuation",
                "primary_ephemeral_identity",
                new Fields().put(1, ephemeral.open()).put(2, nonce).bytes());
    }

    private void opened(byte[] theirNonce) throws GeneralSecurityException {
        if (!Arrays.equals(commitment, Crypto.sha256(identity, theirNonce))) {
            throw new GeneralSecurityException("the nonce is not the one that was committed to");
        }
        var known = Fields.read(identity);
        key = Crypto.hkdf(
                ("Companion Pairing " + known.number(2) + " with ref " + ref).getBytes(StandardCharsets.UTF_8),
                Crypto.agree(ephemeral.secret(), known.bytes(1)),
                "Pairing Information Encryption Key",
                32);
        var mixed = Crypto.sha256(theirNonce, ephemeral.open());
        long bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | (nonce[i] ^ mixed[i]) & 0xFF;
        }
        var digits = new StringBuilder();
        for (int shift = 35; shift >= 0; shift -= 5) {
            digits.append(ALPHABET.charAt((int) (bits >> shift) & 31));
        }
        code = digits.insert(4, '-').toString();
    }

    /** The person says on the phone that both show the same code. */
    void agree() throws GeneralSecurityException {
        agreed = true;
        finish();
    }

    private void finish() throws GeneralSecurityException {
        if (sealed == null || !agreed) {
            return;
        }
        var fields = Fields.read(sealed);
        var request = Fields.read(Crypto.gcm(false, key, fields.bytes(2), fields.bytes(1), NONE));
        if (!Arrays.equals(request.bytes(1), connection.noise())) {
            throw new GeneralSecurityException("the request names another device");
        }
        if (Arrays.equals(request.bytes(3), scannedSecret)) {
            throw new GeneralSecurityException("the secret of the scanned code is used again");
        }
        connection.enrolment.pair(phone, request.bytes(2), request.bytes(3));
    }
}
