package gateway.api;

import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;

import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.auth.PairingLinks;
import gateway.engine.EngineRefusal;
import gateway.engine.Session;
import gateway.http.Envelope;
import gateway.http.Exchange;

/** Pairs an account: by an image that the phone scans, by a code that a person types on it, or by a link to either. */
final class Pairing {
    /** Half of what the original's first code lives: its clients ask anew after that. */
    private static final long MAX_DURATION_SECONDS = 30;
    /** How much longer than its code an image is kept, for the page that asked in the last moment. */
    private static final Duration LOADING = Duration.ofSeconds(5);

    private final QrImages images;
    private final PublicAddress address;
    private final Recipients recipients;
    private final SignedLinks links;
    private final PairingLinks pages;

    Pairing(QrImages images, PublicAddress address, Recipients recipients, SignedLinks links, PairingLinks pages) {
        this.links = links;
        this.pages = pages;
        this.images = images;
        this.address = address;
        this.recipients = recipients;
    }

    ObjectNode byImage(ServerRequest request, Session session) {
        var code = session.pair();
        var valid = code.validFor().plus(LOADING);
        var path = "statics/qrcode/" + images.draw(code.text(), valid);
        return Envelope.JSON
                .createObjectNode()
                .put("qr_link", address.of(request) + "/" + links.signed(path, valid))
                .put("qr_duration", seconds(code.validFor()))
                .put("qr_text", code.text());
    }

    /** Seconds until the next code stands, or until half of a first code's time is over. */
    static long seconds(Duration left) {
        return Math.clamp(left.plusMillis(999).toSeconds(), 1, MAX_DURATION_SECONDS);
    }

    /** A link for whoever holds the phone; its page shows a QR code, or the code for the number that the query names. */
    ObjectNode byLink(ServerRequest request, AccountCalls.Account account) {
        var query = Fields.ofQuery(request);
        var phone = query.given("phone")
                ? Optional.of(recipients.phone("phone", query.text("phone")))
                : Optional.<String>empty();
        account.refuseUnserved();
        if (account.status().account().isPresent()) {
            throw new EngineRefusal(EngineRefusal.Reason.ALREADY_PAIRED, "you are already logged in");
        }
        var secret = pages.make(AuthRoutes.by(), Exchange.current().principal(), account.device(), phone)
                .orElseThrow(AccountCalls::noDevice);
        return Envelope.JSON
                .createObjectNode()
                .put("device_id", account.device())
                .put("pair_link", address.of(request) + "/pair#" + secret)
                .put("link_duration", PairingLinks.LIFE.toSeconds());
    }

    /** The code for the phone whose number the query names. */
    String byPhone(ServerRequest request, Session session) {
        return session.pairByPhone(
                recipients.phone("phone", Fields.ofQuery(request).text("phone")));
    }
}
