package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** How one connection makes a device: registration, the codes that it offers, and the link to a phone. */
final class Enrolment {
    private static final int REFS = 6;
    private final Network network;
    private final Connection connection;
    private final List<String> refs = new ArrayList<>();
    private Fields registration;
    private CodePairing codes;
    private PasskeyPairing passkey;
    private Companion pairing;

    Enrolment(Network network, Connection connection) {
        this.network = network;
        this.connection = connection;
    }

    boolean offers(String ref) {
        return refs.contains(ref);
    }

    CodePairing codes() {
        return codes;
    }

    void register(Fields payload) {
        registration = payload.message(19);
        network.ledger.add("registration", "");
        var device = Stanza.of("pair-device");
        for (int i = 0; i < REFS; i++) {
            refs.add("2@" + java.util.Base64.getEncoder().encodeToString(Crypto.random(24)));
            device = device.with(Stanza.of("ref").with(refs.getLast().getBytes()));
        }
        network.unpaired.add(connection);
        connection.send(Stanza.of("iq", "from", "s.whatsapp.net", "type", "set", "id", "pair-1", "xmlns", "md")
                .with(device));
    }

    PasskeyPairing passkey() {
        return passkey;
    }

    /** Demands a passkey before the phone links the device that it has scanned. */
    String demandPasskey(Phone phone, byte[] advSecret) {
        passkey = new PasskeyPairing(network, connection, phone, advSecret);
        passkey.demand();
        return "";
    }

    /**
     * Tells a waiting device that a phone linked it.
     *
     * @return the new device's address
     */
    String pair(Phone phone, byte[] identity, byte[] advSecret) {
        pairing = new Companion(phone, phone.nextDevice(), connection.noise(), identity);
        pairing.registrationId = Network.number(registration.bytes(1));
        pairing.signed = new Companion.OpenKey(Network.number(registration.bytes(4)), registration.bytes(5));
        pairing.signature = registration.bytes(6);
        connection.send(Stanza.of("iq", "from", "s.whatsapp.net", "type", "set", "id", "pair-2", "t", Network.now())
                .with(Stanza.of("pair-success")
                        .with(
                                Stanza.of("device-identity").with(phone.certify(identity, advSecret, network.faults)),
                                Stanza.of("device", "jid", pairing.address(), "lid", pairing.lid()),
                                Stanza.of("platform", "name", "android"))));
        return pairing.address();
    }

    /** Takes a step of the pairing by a code or with a passkey; false when the question is about something else. */
    boolean step(Stanza iq) throws GeneralSecurityException {
        var code = iq.child("link_code_companion_reg");
        if (code.isEmpty()) {
            return passkey != null && passkey.step(iq);
        }
        if (code.get().get("stage").equals("companion_hello")) {
            codes = new CodePairing(connection, code.get());
            connection.send(Queries.result(iq)
                    .with(Stanza.of("link_code_companion_reg")
                            .with(Stanza.of("link_code_pairing_ref").with(codes.ref.getBytes()))));
        } else {
            connection.send(Queries.result(iq));
            codes.finish(code.get());
        }
        return true;
    }

    void paired(Stanza result) {
        var phone = pairing.phone;
        var sign = result.child("pair-device-sign").flatMap(child -> child.child("device-identity"));
        if (sign.isEmpty()) {
            network.ledger.add(
                    "pairing refused",
                    Connection.described(result)
                            + result.child("error").map(Stanza::attributes).orElse(java.util.Map.of()));
            return;
        }
        var objection = phone.objection(sign.get().content(), pairing.identity);
        if (!objection.isEmpty()) {
            network.ledger.add("pairing not valid", objection);
            connection.close();
            return;
        }
        pairing.account = sign.get().content();
        phone.companions.put(pairing.device, pairing);
        network.ledger.add("paired", pairing.address());
        network.deviceNews.tell("add", pairing);
        connection.end(Stanza.of("stream:error", "code", "515"));
    }
}
