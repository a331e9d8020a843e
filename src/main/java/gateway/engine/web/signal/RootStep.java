package gateway.engine.web.signal;

import gateway.engine.web.primitive.Hkdf;

/** A root key and the chain that came with it: of the key agreement, or of one step of the ratchet. */
record RootStep(Secret32 root, HashChain chain) {
    private static final int DERIVED_BYTES = 64;

    /** The first root and chain, of X3DH's master secret. */
    static RootStep ofMaster(byte[] master) {
        return split(Hkdf.derive(master, Hkdf.NO_SALT, "WhisperText", DERIVED_BYTES));
    }

    /** The next root and chain, of an agreement between the two ratchet keys. */
    static RootStep ofRatchet(Secret32 root, byte[] agreement) {
        return split(Hkdf.derive(agreement, root.view(), "WhisperRatchet", DERIVED_BYTES));
    }

    private static RootStep split(byte[] block) {
        return new RootStep(Secret32.at(block, 0), new HashChain(Secret32.at(block, 32), 0));
    }
}
