package gateway.twin.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;

/**
 * {@code make twin [PORT=9399]}: WhatsApp's servers and phones on loopback, a program of its own. Its first line on
 * standard output is JSON: where its WebSocket, its control door and its media are, and the public root key in hex that
 * a client has to trust. A port of 0 takes any three free ports.
 */
public final class Twin implements AutoCloseable {
    /** The control door and the media need the next two. */
    private static final int MAX_PORT = 65_533;

    private final Network network = new Network();
    private final ServerSocket server;
    private final ControlDoor door;

    /** @param port of the WebSocket; the control door has the next one, the media the one behind it */
    public Twin(int port) throws IOException {
        server = new ServerSocket(port, 1_024, InetAddress.getLoopbackAddress());
        door = new ControlDoor(network, port == 0 ? 0 : port + 1);
        network.media = new MediaServer(network, port == 0 ? 0 : port + 2);
        Thread.ofVirtual().name("twin").start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (var peer = new WebSocketPeer(socket)) {
            if (peer.path().equals("/sw.js") && network.faults.on("client_revision")) {
                network.ledger.add("page", peer.path());
                peer.page("self.x={\\\"client_revision\\\":" + network.faults.text("client_revision") + ",}");
                return;
            }
            if (!peer.isUpgrade() || network.faults.on("refuse_upgrade")) {
                peer.refuse(
                        network.faults.on("refuse_upgrade")
                                ? Integer.parseInt(network.faults.text("refuse_upgrade"))
                                : 404);
                return;
            }
            peer.accept();
            new Connection(network, peer).run();
        } catch (IOException ended) {
            network.ledger.add("connection ended", String.valueOf(ended.getMessage()));
        }
    }

    /** Where clients connect. */
    public String webSocket() {
        return "ws://127.0.0.1:" + server.getLocalPort() + "/ws/chat";
    }

    /** Where tests play the person with the phone. */
    public String control() {
        return "http://127.0.0.1:" + door.port();
    }

    /** Where encrypted files are uploaded to and downloaded from. */
    public String media() {
        return "http://127.0.0.1:" + network.media.port();
    }

    /** The root's public key, 32 bytes in hex. */
    public String rootKey() {
        return HexFormat.of().formatHex(network.keys.root.open());
    }

    @Override
    public void close() throws IOException {
        server.close();
        door.close();
        network.media.close();
        network.disconnect("");
    }

    /** Starts the twin and lets it run. Exit status: 1 when a port is not free, 2 when the argument is not a port. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length > 1
                || args.length == 1 && !(args[0].matches("\\d{1,5}") && Integer.parseInt(args[0]) <= MAX_PORT)) {
            System.err.println("twin: the one argument is a port, 0 to 65533. Example: make twin PORT=9399");
            System.exit(2);
        }
        int port = args.length == 0 ? 9399 : Integer.parseInt(args[0]);
        try {
            var twin = new Twin(port);
            System.out.printf(
                    "{\"ws\": \"%s\", \"control\": \"%s\", \"root_key\": \"%s\", \"media\": \"%s\"}%n",
                    twin.webSocket(), twin.control(), twin.rootKey(), twin.media());
        } catch (IOException e) {
            System.err.printf("twin: port %d or one of the next two cannot be used: %s%n", port, e.getMessage());
            System.exit(1);
        }
        Thread.currentThread().join();
    }
}
