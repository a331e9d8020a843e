package gateway.console;

import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ArrayNode;

import gateway.engine.Session;
import gateway.engine.Standing;
import gateway.http.Envelope;
import gateway.messaging.Accounts;

/** The gateway's accounts, as the page and the socket's clients are told of them. */
final class DeviceList {
    private DeviceList() {}

    /**
     * Each account, its engine, and how its connection stands: {@code logged_in}, {@code connecting},
     * {@code disconnected} or {@code engine_unavailable}.
     */
    static ArrayNode states(Accounts accounts, Predicate<String> visible) {
        var list = Envelope.JSON.createArrayNode();
        accounts.list().stream()
                .filter(device -> visible.test(device.id()))
                .forEach(device -> accounts.status(device.id()).ifPresent(status -> {
                    var shown = list.addObject()
                            .put("id", device.id())
                            .put("engine", device.engine())
                            .put(
                                    "state",
                                    accounts.engines().names().contains(device.engine())
                                            ? state(status)
                                            : "engine_unavailable")
                            .put("jid", status.account().map(Object::toString).orElse(""));
                    status.standing()
                            .filter(standing -> !standing.reason().isEmpty())
                            .ifPresent(standing -> shown.put(
                                            "stopped",
                                            standing.state() == Standing.State.STOPPED
                                                    || standing.state() == Standing.State.BANNED)
                                    .put("since", standing.since())
                                    .put("reason", standing.reason())
                                    .put("detail", standing.detail())
                                    .put("until", standing.until()));
                    var hold = accounts.hold(device.id());
                    shown.put("held", hold.isPresent());
                    hold.ifPresent(
                            held -> shown.put("held_since", held.heldAt()).put("held_reason", held.reason()));
                }));
        return list;
    }

    private static String state(Session.Status status) {
        if (!status.loggedIn()) {
            return "disconnected";
        }
        return status.connected() ? "logged_in" : "connecting";
    }

    /** The paired devices as the original's {@code LIST_DEVICES} names them, and whose they are. */
    static ArrayNode asOriginal(Accounts accounts, Predicate<String> visible) {
        var list = Envelope.JSON.createArrayNode();
        accounts.devices().stream()
                .filter(visible)
                .forEach(id -> accounts.session(id)
                        .ifPresent(session -> session.devices()
                                .forEach(device -> list.addObject()
                                        .put("name", device.name())
                                        .put("device", device.jid().toString())
                                        .put("device_id", id))));
        return list;
    }
}
