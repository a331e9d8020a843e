package gateway.engine.web;

import java.util.Set;
import java.util.concurrent.TimeoutException;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.Node;

/** What callers of the API ask of WhatsApp, with the refusals that they understand (dossier web-3 §7). */
final class Asking {
    private static final Set<Integer> PASSING = Set.of(429, 500, 503, 530);

    private Asking() {}

    /** @throws EngineRefusal when WhatsApp refuses, does not answer, or is not there */
    static Node ask(Node question, WebConnection connection) {
        try {
            return connection.request(question);
        } catch (ConnectionEnded e) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, e.getMessage());
        } catch (RequestRefused e) {
            throw new EngineRefusal(
                    PASSING.contains(e.code()) ? Reason.TRY_LATER : Reason.REJECTED, "WhatsApp refuses: " + e.code());
        } catch (TimeoutException e) {
            throw new EngineRefusal(Reason.TRY_LATER, "WhatsApp did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
    }

    /** Says something to which there is no answer. */
    static void say(Node stanza, WebConnection connection) {
        try {
            connection.send(stanza);
        } catch (ConnectionEnded e) {
            throw new EngineRefusal(Reason.NOT_CONNECTED, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Reason.NOT_CONNECTED, "the connection is being closed");
        }
    }
}
