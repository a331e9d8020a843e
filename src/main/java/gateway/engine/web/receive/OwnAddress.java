package gateway.engine.web.receive;

import java.util.Optional;

import gateway.engine.web.node.DeviceJid;

/** The own account in both of its forms: by number, and by LID when that is known. */
public record OwnAddress(DeviceJid number, Optional<DeviceJid> lid) {
    /** Whether the address is a device of the own account. */
    public boolean includes(DeviceJid jid) {
        return switch (jid.server()) {
            case DeviceJid.PHONE, DeviceJid.HOSTED -> jid.user().equals(number.user());
            case DeviceJid.LID, DeviceJid.HOSTED_LID ->
                lid.isPresent() && jid.user().equals(lid.get().user());
            default -> false;
        };
    }
}
