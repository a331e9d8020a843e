package gateway.engine.web;

import java.time.InstantSource;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session.Sent;
import gateway.engine.web.book.Book;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;

/** What WhatsApp's acknowledgement of a message says, and what follows of it (web-2 §2.3). */
final class SendOutcome {
    private static final long MILLIS = 1_000;

    private final Book book;
    private final RecipientDevices recipients;
    private final InstantSource clock;

    SendOutcome(Book book, RecipientDevices recipients, InstantSource clock) {
        this.book = book;
        this.recipients = recipients;
        this.clock = clock;
    }

    /** @throws EngineRefusal when WhatsApp does not take the message */
    Sent of(String id, Node ack) throws WireRefusal {
        String error = ack.attribute("error").orElse("");
        return switch (error) {
            case "" -> {
                long at = ack.number("t").map(seconds -> seconds * MILLIS).orElse(clock.millis());
                // The gateway's own mark of the message follows in the same group; until both are there the bytes stay.
                book.writeLater(book.outgoing().taken(id, at));
                yield new Sent(id, at);
            }
            case "429", "503", "403" -> throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp asks to wait: " + error);
            case "479" -> {
                book.outgoing()
                        .find(id)
                        .ifPresent(message -> book.write(recipients
                                .forget(DeviceJid.parse(message.chat()))
                                .add(book.outgoing().drop(id))));
                throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp calls the list of devices old: 479");
            }
            case "463", "475" -> {
                book.write(book.outgoing().drop(id));
                throw new EngineRefusal(
                        Reason.RESTRICTED, "WhatsApp does not let this account write to that person now: " + error);
            }
            default -> {
                book.write(book.outgoing().drop(id));
                throw new EngineRefusal(Reason.REJECTED, "WhatsApp does not take the message: " + error);
            }
        };
    }
}
