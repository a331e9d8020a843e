package gateway.twin.web;

import java.time.Instant;

import gateway.twin.web.Crypto.Pair;

/**
 * The keys of the twin's servers: a root, an intermediate that the root signed, and a leaf whose key is the Noise
 * static key.
 */
final class ServerKeys {
    private static final long INTERMEDIATE_SERIAL = 7;
    private static final long YEAR_SECONDS = 31_536_000;

    final Pair root = Pair.fresh();
    final Pair leaf = Pair.fresh();
    private final Pair intermediate = Pair.fresh();

    /**
     * The certificate chain (dossier web-1 §2.4).
     *
     * @param flaw what is wrong with it: the empty text for nothing, or one of {@link Faults#CERTIFICATES}
     */
    byte[] chain(String flaw) {
        long now = Instant.now().getEpochSecond();
        boolean expired = flaw.equals("expired");
        var signer = flaw.equals("foreign_root") ? Pair.fresh() : root;
        var middle = details(
                INTERMEDIATE_SERIAL,
                flaw.equals("issuer_serial") ? 5 : 0,
                intermediate.open(),
                expired ? now - 2 * YEAR_SECONDS : now - YEAR_SECONDS,
                expired ? now - YEAR_SECONDS : now + YEAR_SECONDS);
        var end = details(
                8,
                flaw.equals("leaf_issuer") ? 99 : INTERMEDIATE_SERIAL,
                flaw.equals("leaf_key") ? Pair.fresh().open() : leaf.open(),
                now - YEAR_SECONDS,
                flaw.equals("leaf_expired") ? now - 1 : now + YEAR_SECONDS);
        return new Fields()
                .put(1, certificate(end, intermediate.secret(), flaw.equals("bad_leaf_signature")))
                .put(2, certificate(middle, signer.secret(), flaw.equals("bad_root_signature")))
                .bytes();
    }

    private static byte[] details(long serial, long issuer, byte[] key, long notBefore, long notAfter) {
        return new Fields()
                .put(1, serial)
                .put(2, issuer)
                .put(3, key)
                .put(4, notBefore)
                .put(5, notAfter)
                .bytes();
    }

    private static Fields certificate(byte[] details, byte[] signer, boolean bad) {
        var signature = Crypto.sign(signer, details);
        if (bad) {
            signature[10] ^= 1;
        }
        return new Fields().put(1, details).put(2, signature);
    }
}
