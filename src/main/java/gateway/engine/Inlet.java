package gateway.engine;

import java.util.Map;

/**
 * Where WhatsApp calls an engine to tell it what happens. One inlet takes the calls for all accounts of the engine,
 * whichever node they come to. No credential of the gateway is asked for, so the inlet itself checks who calls.
 */
@FunctionalInterface
public interface Inlet {
    /** The longest body that is read, bytes. */
    int MAX_BODY = 4 << 20;

    /** Returns once what the call tells is on disk. Whatever is thrown makes WhatsApp call again. */
    Answer take(Call call);

    /**
     * A call as it came.
     *
     * @param asks    whether the caller only asks, as when an address is confirmed; such a call has no body
     * @param query   the parameters of the address; of one that comes twice, the first
     * @param headers by their names in small letters
     */
    record Call(boolean asks, Map<String, String> query, Map<String, String> headers, byte[] body) {}

    /** @param text is sent back to the caller; empty for most calls */
    record Answer(Verdict verdict, String text) {}

    /** What became of a call. */
    enum Verdict {
        /** What the call tells is on disk. */
        TAKEN,
        /** The caller is not who it says. Nothing was kept. */
        REFUSED,
        /** What the call tells cannot be kept now: WhatsApp is to call again. */
        LATER
    }
}
