package gateway.messaging;

import gateway.engine.EngineRefusal;

/** WhatsApp refused a message while its caller waited, and nothing of it is left: no row, and no chat made for it. */
public final class Withdrawn extends EngineRefusal {
    Withdrawn(EngineRefusal refusal) {
        super(refusal.reason(), refusal.getMessage(), refusal.retryAfter());
    }
}
