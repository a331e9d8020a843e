package gateway.twin.web;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import gateway.twin.web.Crypto.Pair;

/** The phone's half of pairing by a code of eight characters (dossier web-1 §4.3). */
final class CodePairing {
    private static final byte[] NONE = new byte[0];
    private final Connection connection;
    private final String number;
    private final byte[] wrapped;
    final String ref = "code-" + java.util.HexFormat.of().formatHex(Crypto.random(8));
    private Pair ephemeral;
    private byte[] theirEphemeral;
    private Phone phone;

    CodePairing(Connection connection, Stanza hello) {
        this.connection = connection;
        this.number = hello.get("jid").replaceAll("[:@].*", "");
        this.wrapped = hello.childBytes("link_code_pairing_wrapped_companion_ephemeral_pub");
    }

    boolean asks(Phone candidate) {
        return candidate.number().equals(number);
    }

    /** The person typed the code into the phone. */
    void confirm(Phone owner, String code) throws GeneralSecurityException {
        phone = owner;
        theirEphemeral = unwrap(code, wrapped);
        ephemeral = Pair.fresh();
        var salt = Crypto.random(32);
        var iv = Crypto.random(16);
        var mine = Crypto.join(salt, iv, Crypto.ctr(Crypto.codeKey(code, salt), iv, ephemeral.open()));
        connection.send(Stanza.of(
                        "notification",
                        "from",
                        "s.whatsapp.net",
                        "id",
                        "code-" + Network.now(),
                        "type",
                        "link_code_companion_reg",
                        "t",
                        Network.now())
                .with(Stanza.of("link_code_companion_reg", "stage", "primary_hello")
                        .with(
                                Stanza.of("link_code_pairing_wrapped_primary_ephemeral_pub")
                                        .with(mine),
                                Stanza.of("primary_identity_pub").with(phone.identity.open()),
                                Stanza.of("link_code_pairing_ref").with(ref.getBytes()))));
    }

    private static byte[] unwrap(String code, byte[] bytes) throws GeneralSecurityException {
        return Crypto.ctr(
                Crypto.codeKey(code, Arrays.copyOf(bytes, 32)),
                Arrays.copyOfRange(bytes, 32, 48),
                Arrays.copyOfRange(bytes, 48, 80));
    }

    /** The device's answer: opens its bundle and pairs; a wrong code shows here. */
    void finish(Stanza finish) throws GeneralSecurityException {
        var bundle = finish.childBytes("link_code_pairing_wrapped_key_bundle");
        var companion = finish.childBytes("companion_identity_public");
        var shared = Crypto.agree(ephemeral.secret(), theirEphemeral);
        var key = Crypto.hkdf(Arrays.copyOf(bundle, 32), shared, "link_code_pairing_key_bundle_encryption_key", 32);
        var open = Crypto.gcm(
                false, key, Arrays.copyOfRange(bundle, 32, 44), Arrays.copyOfRange(bundle, 44, bundle.length), NONE);
        if (!Arrays.equals(Arrays.copyOf(open, 32), companion)
                || !Arrays.equals(Arrays.copyOfRange(open, 32, 64), phone.identity.open())) {
            throw new GeneralSecurityException("the bundle names other identities");
        }
        var advSecret = Crypto.hkdf(
                new byte[32],
                Crypto.join(shared, Crypto.agree(phone.identity.secret(), companion), Arrays.copyOfRange(open, 64, 96)),
                "adv_secret",
                32);
        connection.enrolment.pair(phone, companion, advSecret);
    }
}
