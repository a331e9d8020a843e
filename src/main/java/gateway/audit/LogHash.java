package gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.Mac;

/** A hash under the security log's salt: whoever lacks the log's keys can neither make nor guess one. */
public final class LogHash {
    private LogHash() {}

    /**
     * The whole hash of a text.
     *
     * @param keys directory of the log's keys
     * @throws IOException when the salt is not there or cannot be read
     */
    public static String of(Path keys, String text) throws IOException {
        Mac mac = ChainState.mac(AuditKeys.hex(keys.resolve(AuditKeys.SALT)));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
