package gateway.engine;

import java.nio.file.Path;

/** What others see of this account. */
public interface Profile {

    void pushName(String name);

    /** @param jpeg a square JPEG of at most 640 × 640 */
    void avatar(Path jpeg);

    Privacy privacy();

    /** Who may; WhatsApp's own words, such as {@code all} or {@code contacts}. */
    record Privacy(String groupAdd, String lastSeen, String status, String profile, String readReceipts) {}
}
