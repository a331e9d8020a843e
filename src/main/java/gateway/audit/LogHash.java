package gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.Mac;

/** A hash under a key of the security log's salt: whoever lacks the log's keys can neither make nor guess one. */
public final class LogHash {
    /** No text in UTF-8 begins so; the log, which hashes what callers say under the same salt, never makes this key. */
    private static final byte[] PURPOSE = {(byte) 0xFF, 's', 'e', 'a', 'l'};

    private LogHash() {}

    /**
     * Makes the whole hash of a text.
     *
     * @param keys directory of the log's keys
     * @throws IOException when the salt is not there or cannot be read
     */
    public static String of(Path keys, String text) throws IOException {
        Mac mac = ChainState.mac(
                ChainState.mac(AuditKeys.hex(keys.resolve(AuditKeys.SALT))).doFinal(PURPOSE));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
