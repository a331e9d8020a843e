package gateway.twin.web;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One client's connection, from the handshake to its end: registration and pairing, or login and the exchange of
 * stanzas.
 */
final class Connection {
    /**
     * How long a client that was told of the end may take to close; a client reads nothing more once the socket is
     * closed.
     */
    private static final long GRACE_NANOS = 500_000_000;

    private static final long DEAF_NANOS = 20_000_000;

    private final Network network;
    private final Channel channel;
    final Enrolment enrolment;
    private volatile Companion companion;
    private volatile boolean active;
    private volatile boolean ending;

    Connection(Network network, WebSocketPeer socket) {
        this.network = network;
        this.channel = new Channel(socket, network.faults);
        this.enrolment = new Enrolment(network, this);
    }

    byte[] noise() {
        return channel.clientStatic();
    }

    /** Whether the client asked for what is meant for it. */
    boolean active() {
        return active;
    }

    Companion companion() {
        return companion;
    }

    /** Serves the connection until it ends. */
    void run() throws IOException {
        try (channel) {
            var payload = channel.handshake(network.keys);
            if (payload.has(19)) {
                enrolment.register(payload);
            } else if (!login(payload)) {
                return;
            }
            while (true) {
                var stanza = channel.read();
                while (network.faults.on("deaf")) {
                    LockSupport.parkNanos(DEAF_NANOS);
                }
                if (!network.faults.on("sealed_phones")) {
                    network.ledger.add("received", described(stanza));
                }
                if (!network.faults.on("silent") && !ending) {
                    handle(stanza);
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            network.ledger.add("broken", e.toString());
        } finally {
            network.unpaired.remove(this);
            if (companion != null && companion.connection == this) {
                companion.connection = null;
            }
        }
    }

    static String described(Stanza stanza) {
        return stanza.tag() + " " + stanza.attributes() + " "
                + stanza.children().stream().map(Stanza::tag).toList();
    }

    private boolean login(Fields payload) {
        var number = Long.toUnsignedString(payload.number(1));
        var found =
                network.person(number + "@s.whatsapp.net").map(phone -> phone.companions.get((int) payload.number(18)));
        var failure = network.faults.text("failure");
        if (found.isEmpty() || !Arrays.equals(found.get().noise, noise())) {
            failure = "401";
        }
        long version = payload.message(5).message(2).number(3);
        if (failure.isEmpty()
                && network.faults.on("oldest_client")
                && version < Long.parseLong(network.faults.text("oldest_client"))) {
            failure = "405";
        }
        network.ledger.add("login as", "" + version);
        network.ledger.add("login with", channel.routing());
        network.ledger.add(
                "login", number + ":" + payload.number(18) + (failure.isEmpty() ? "" : " refused " + failure));
        if (!failure.isEmpty()) {
            send(Stanza.of(
                    "failure",
                    "reason",
                    failure,
                    "location",
                    "twin",
                    "expire",
                    failure.equals("402")
                            ? network.faults.on("failure_seconds") ? network.faults.text("failure_seconds") : "3600"
                            : null,
                    "code",
                    failure.equals("402") ? "101" : null));
            return false;
        }
        companion = found.get();
        if (companion.connection != null) {
            companion.connection.end(
                    Stanza.of("stream:error", "code", "440").with(Stanza.of("conflict", "type", "replaced")));
        }
        companion.connection = this;
        send(Stanza.of(
                "success",
                "t",
                ""
                        + (Long.parseLong(Network.now())
                                + (network.faults.on("clock_ahead")
                                        ? Long.parseLong(network.faults.text("clock_ahead"))
                                        : 0)),
                "lid",
                network.faults.on("success_without_lid") ? null : companion.lid()));
        if (network.faults.on("edge_routing")) {
            send(Stanza.of("ib", "from", "s.whatsapp.net")
                    .with(Stanza.of("edge_routing")
                            .with(Stanza.of("routing_info").with(new byte[] {8, 2, 8, 5}))));
        }
        if (network.faults.on("offline_preview")) {
            send(Stanza.of("ib", "from", "s.whatsapp.net").with(Stanza.of("offline_preview", "count", "3")));
        }
        if (network.faults.on("dirty")) {
            send(Stanza.of("ib", "from", "s.whatsapp.net")
                    .with(Stanza.of("dirty", "type", "account_sync", "timestamp", Network.now())));
        }
        return true;
    }

    /**
     * Sends a last stanza, and closes when the client has not done so after a while; what the client still says does
     * not count.
     */
    void end(Stanza last) {
        ending = true;
        active = false;
        send(last);
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(GRACE_NANOS);
            close();
        });
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            network.ledger.add("not closed", e.toString());
        }
    }

    void send(Stanza stanza) {
        try {
            var broken = Broken.instead(network.faults);
            if (broken.isPresent()) {
                channel.sendPlain(broken.get());
            } else {
                channel.send(stanza);
            }
        } catch (IOException e) {
            network.ledger.add("not sent", described(stanza));
        }
    }

    private void handle(Stanza stanza) throws GeneralSecurityException {
        switch (stanza.tag()) {
            case "iq" -> iq(stanza);
            case "message" -> message(stanza);
            case "receipt" -> receipt(stanza);
            case "ack" -> {
                if (companion != null) {
                    companion.acknowledged(stanza.get("class"), stanza.get("id"), stanza.get("to"), stanza.get("type"));
                }
            }
            default -> {}
        }
    }

    private void iq(Stanza iq) throws GeneralSecurityException {
        if (iq.get("type").equals("result") || iq.get("type").equals("error")) {
            if (iq.get("id").equals("pair-2")) {
                enrolment.paired(iq);
            }
            return;
        }
        if (enrolment.step(iq)) {
            return;
        }
        if (network.faults.text("iq_silence").equals(iq.get("xmlns"))) {
            return;
        }
        var error = network.faults.text("iq_error").split(" ");
        if (error[0].equals(iq.get("xmlns")) && error.length == 2) {
            send(Queries.refusal(iq, error[1]));
            return;
        }
        iq.child("tokens")
                .flatMap(tokens -> tokens.child("token"))
                .ifPresent(token -> network.ledger.add("token issued", token.get("t")));
        send(Queries.answer(network, this, iq));
        if (iq.child("active").isPresent()) {
            activate();
        }
        if (iq.child("remove-companion-device").isPresent()) {
            logout();
        }
    }

    /** From now on what is meant for the device is sent; first what waited, in its order. */
    private void activate() {
        synchronized (companion) {
            var waiting = List.copyOf(companion.unacknowledged.values());
            for (var stanza : waiting) {
                var attributes = new java.util.LinkedHashMap<>(stanza.attributes());
                attributes.put("offline", "0");
                send(new Stanza(stanza.tag(), attributes, stanza.children(), stanza.bytes()));
            }
            if (!network.faults.on("no_offline_marker")) {
                send(Stanza.of("ib", "from", "s.whatsapp.net")
                        .with(Stanza.of("offline", "count", "" + waiting.size())));
            }
            active = true;
        }
    }

    private void logout() {
        companion.phone.companions.remove(companion.device);
        network.ledger.add("logged out", companion.address());
        network.deviceNews.tell("remove", companion);
        end(Stanza.of("stream:error", "code", "401").with(Stanza.of("conflict", "type", "device_removed")));
    }

    private void message(Stanza message) {
        message.child("tctoken")
                .ifPresent(token -> network.ledger.add(
                        "token", java.util.HexFormat.of().formatHex(token.content()) + " to " + message.get("to")));
        network.carrier.carry(companion, message);
        if (network.faults.take("close_after_message")) {
            close();
            return;
        }
        if (!network.faults.take("no_message_ack")) {
            send(Stanza.of(
                    "ack",
                    "class",
                    "message",
                    "id",
                    message.get("id"),
                    "from",
                    message.get("to"),
                    "t",
                    Network.now(),
                    "phash",
                    network.faults.on("stale_phash") ? "2:AAAAAAAA" : null,
                    "error",
                    network.faults.on("message_error") ? network.faults.text("message_error") : null));
        }
    }

    private void receipt(Stanza receipt) {
        send(Stanza.of(
                "ack",
                "class",
                "receipt",
                "id",
                receipt.get("id"),
                "from",
                receipt.get("to"),
                "type",
                receipt.attributes().get("type")));
        companion.acknowledged("message", receipt.get("id"), receipt.get("to"), "");
        network.receipts.carry(companion, receipt);
    }
}
