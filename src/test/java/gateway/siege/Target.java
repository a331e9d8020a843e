package gateway.siege;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import gateway.bench.Client;

/**
 * The gateway under attack.
 *
 * @param uri    of its REST listener, on 127.0.0.1
 * @param folder its working directory, with {@code storages/whatsapp.db}
 * @param from   the address the attack comes from
 */
record Target(URI uri, Path folder, InetAddress from) {
    /** Credentials of the client that behaves, and of an attacker who has some. */
    static final String GOOD = "good:siege-good-41f7a6c2d9";

    static final String ATTACKER = "attacker:siege-attacker-93b8e1";
    private static final int TIMEOUT_MILLIS = 15_000;

    static Map<String, String> authorization(String credential) {
        return Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8)));
    }

    /** A raw connection from the attack's address. */
    Socket open() throws IOException {
        return open(from);
    }

    Socket open(InetAddress address) throws IOException {
        var socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The attacker's client with a kept connection. */
    Client client() {
        return new Client(uri, from);
    }

    /** One request by the attacker, with a credential that may do everything; its answer's body. */
    String call(String method, String path, String json) throws IOException {
        try (var client = client()) {
            return client.answer(Client.request(method, path, authorization(ATTACKER), json));
        }
    }
}
