package gateway.engine.web.message;

/** The text of a JID without its device: {@code user@server}. */
final class BareJid {
    private BareJid() {}

    static String of(String jid) {
        int at = jid.indexOf('@');
        int device = jid.indexOf(':');
        return device < 0 || device > at ? jid : jid.substring(0, device) + jid.substring(at);
    }
}
