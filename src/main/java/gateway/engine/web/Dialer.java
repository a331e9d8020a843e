package gateway.engine.web;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.InstantSource;

import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.Hello;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.connection.Timing;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.media.Downloads;
import gateway.engine.web.pairing.ClientPayloads;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.DeviceCredentials;

/** Opens connections: for a device that is to be paired, and for one that is. */
record Dialer(HttpClient client, ServerAddress endpoint, ClientProfile profile, InstantSource clock) {
    static final SecureRandom RANDOM = new SecureRandom();

    WebConnection unpaired(DeviceCredentials own) throws ConnectionEnded, InterruptedException {
        return open(own, ClientPayloads.registration(profile, own).toByteArray());
    }

    WebConnection paired(DeviceCredentials own) throws ConnectionEnded, InterruptedException {
        return open(
                own,
                ClientPayloads.login(profile, own.paired().orElseThrow().jid(), true)
                        .toByteArray());
    }

    /** Fetches files; a twin's media host is on this machine. */
    Downloads downloads() {
        return new Downloads(client, !endpoint.equals(ServerAddress.WHATSAPP));
    }

    private WebConnection open(DeviceCredentials own, byte[] payload) throws ConnectionEnded, InterruptedException {
        return WebConnection.open(
                client, endpoint, Timing.USUAL, new Hello(own.noise(), own.routing(), payload, RANDOM, clock));
    }
}
