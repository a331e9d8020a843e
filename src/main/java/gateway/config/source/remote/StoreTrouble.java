package gateway.config.source.remote;

import java.io.IOException;

/** A secret store did not give or take what it was asked to. */
final class StoreTrouble extends IOException {
    private final String what;
    private final String remedy;
    private final boolean passing;

    /**
     * @param what   continues a sentence that begins with the setting's name; holds nothing the store sent
     * @param remedy an imperative
     */
    StoreTrouble(String what, String remedy) {
        this(what, remedy, false);
    }

    private StoreTrouble(String what, String remedy, boolean passing) {
        super(what + "; " + remedy);
        this.remedy = remedy;
        this.what = what;
        this.passing = passing;
    }

    /** Trouble that may be over by itself: the store is out of reach or overloaded. */
    static StoreTrouble passing(String what, String remedy) {
        return new StoreTrouble(what, remedy, true);
    }

    boolean isPassing() {
        return passing;
    }

    String what() {
        return what;
    }

    String remedy() {
        return remedy;
    }
}
