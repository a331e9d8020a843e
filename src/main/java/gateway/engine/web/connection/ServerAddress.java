package gateway.engine.web.connection;

import java.net.URI;
import java.util.Optional;

import gateway.engine.web.noise.CertificateChain;
import gateway.engine.web.signal.CurvePublic;

/**
 * Where connections go, and whose certificates are trusted there.
 *
 * @param address   {@code wss://}, or {@code ws://} for a twin on loopback
 * @param userAgent the header of that name, if one is to be sent
 */
public record ServerAddress(URI address, CurvePublic root, Optional<String> userAgent) {
    /** WhatsApp's own servers. */
    public static final ServerAddress WHATSAPP = new ServerAddress(
            URI.create("wss://web.whatsapp.com/ws/chat"), CertificateChain.WHATSAPP_ROOT, Optional.empty());
}
