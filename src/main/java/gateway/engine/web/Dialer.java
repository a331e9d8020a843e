package gateway.engine.web;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.End;
import gateway.engine.web.connection.Hello;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.connection.Timing;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.media.Downloads;
import gateway.engine.web.pairing.ClientPayloads;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;

/** Opens connections: for a device that is to be paired, and for one that is. */
record Dialer(
        WayOut way,
        ServerAddress endpoint,
        ClientProfile shown,
        ClientVersions versions,
        Tap tap,
        InstantSource clock) {
    static final SecureRandom RANDOM = new SecureRandom();

    /** How this device shows itself in the next connection. */
    ClientProfile profile() {
        return shown.with(versions.current());
    }

    WebConnection unpaired(DeviceCredentials own) throws ConnectionEnded, InterruptedException {
        return open(
                own,
                new byte[0],
                () -> ClientPayloads.registration(profile(), own).toByteArray());
    }

    /**
     * @param version the web client's version that the login claims
     * @param routing whether the server's routing information is used
     * @param may     runs right before the login is sent, and throws when the device may not log in
     */
    WebConnection paired(DeviceCredentials own, ClientVersion version, boolean routing, Runnable may)
            throws ConnectionEnded, InterruptedException {
        return open(own, routing ? own.routing() : new byte[0], () -> {
            may.run();
            return ClientPayloads.login(
                            shown.with(version), own.paired().orElseThrow().jid(), true)
                    .toByteArray();
        });
    }

    /** Asks for the newest version of the web client, and waits for the answer. */
    ClientVersion newest() {
        versions.refresh(way.client());
        return versions.current();
    }

    /** A connection's end in one sentence; of one that is lost, with the proxy that it went by. */
    String told(End end) {
        return end instanceof End.Lost
                ? end.text()
                        + way.proxy()
                                .map(proxy -> " (by the proxy " + proxy + ")")
                                .orElse("")
                : end.text();
    }

    /** Fetches files; a twin's media host is on this machine. */
    Downloads downloads() {
        return new Downloads(way::client, !endpoint.equals(ServerAddress.WHATSAPP));
    }

    private WebConnection open(DeviceCredentials own, byte[] routing, Supplier<byte[]> payload)
            throws ConnectionEnded, InterruptedException {
        versions.freshen(way.client());
        return WebConnection.open(
                way.client(), endpoint, Timing.USUAL, new Hello(own.noise(), routing, payload, RANDOM, clock), tap);
    }
}
