package gateway.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.engine.Session;
import gateway.http.Envelope;
import io.helidon.webserver.http.ServerRequest;

/** Pairs an account: by an image that the phone scans, or by a code that a person types on it. */
final class Pairing {
    private final QrImages images;
    private final PublicAddress address;
    private final Recipients recipients;

    Pairing(QrImages images, PublicAddress address, Recipients recipients) {
        this.images = images;
        this.address = address;
        this.recipients = recipients;
    }

    ObjectNode byImage(ServerRequest request, Session session) {
        var code = session.pair();
        var name = images.draw(code.text(), code.validFor());
        return Envelope.JSON.createObjectNode()
                .put("qr_link", address.of(request) + "/statics/qrcode/" + name)
                // Half of the time it is valid, as the original says it: clients ask anew after this.
                .put("qr_duration", code.validFor().toSeconds() / 2);
    }

    /** The code for the phone whose number the query names. */
    String byPhone(ServerRequest request, Session session) {
        return session.pairByPhone(recipients.phone("phone", Fields.ofQuery(request).text("phone")));
    }
}
