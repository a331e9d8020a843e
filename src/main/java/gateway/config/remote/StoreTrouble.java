package gateway.config.remote;

import java.io.IOException;

/** A secret store did not give or take what it was asked to. */
final class StoreTrouble extends IOException {
    private final String what;
    private final String remedy;

    /**
     * @param what   continues a sentence that begins with the setting's name; holds nothing the store sent
     * @param remedy an imperative
     */
    StoreTrouble(String what, String remedy) {
        super(what + "; " + remedy);
        this.remedy = remedy;
        this.what = what;
    }

    String what() {
        return what;
    }

    String remedy() {
        return remedy;
    }
}
