package gateway.engine.web.noise;

/** Why a server's certificate chain is refused; in the order of the checks (web-1 §2.4). */
public enum CertificateFault {
    MALFORMED("malformed"),
    MISSING_PART("missing-part"),
    SIGNATURE_LENGTH("signature-length"),
    INTERMEDIATE_SIGNATURE("intermediate-signature"),
    INTERMEDIATE_ISSUER("intermediate-issuer"),
    INTERMEDIATE_KEY("intermediate-key"),
    LEAF_SIGNATURE("leaf-signature"),
    INTERMEDIATE_NOT_YET_VALID("intermediate-not-yet-valid"),
    INTERMEDIATE_EXPIRED("intermediate-expired"),
    LEAF_ISSUER("leaf-issuer"),
    LEAF_KEY("leaf-key-is-not-server-static"),
    LEAF_NOT_YET_VALID("leaf-not-yet-valid"),
    LEAF_EXPIRED("leaf-expired");

    private final String word;

    CertificateFault(String word) {
        this.word = word;
    }

    /** The fault in one word, for logs. */
    public String word() {
        return word;
    }
}
