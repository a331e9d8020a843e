package gateway.siege;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Connections that send a few bytes a second, and are opened again when the gateway closes them.
 *
 * @param head    what is sent at once
 * @param drip    bytes sent in each interval afterwards; 0 is silence
 * @param everyMillis the interval
 */
record DripAttack(String name, int attackers, String head, int drip, long everyMillis) implements Attack {

    /** Bodies of 64 kB at 1.3 kB/s. */
    static DripAttack bodies(String name, int attackers, String authorization) {
        return new DripAttack(
                name,
                attackers,
                "POST /send/message HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + authorization
                        + "Content-Length: 65536\r\n\r\n",
                1_300,
                1_000);
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        var bytes = head.getBytes(StandardCharsets.US_ASCII);
        var more = " ".repeat(drip).getBytes(StandardCharsets.US_ASCII);
        Swarm.run(attackers, deadline, i -> {
            // A thousand handshakes in one instant would be the kernel's queue under test.
            Swarm.pause(i % 1_000, deadline);
            try (var socket = target.open()) {
                socket.getOutputStream().write(bytes);
                while (System.nanoTime() < deadline) {
                    Swarm.pause(everyMillis, deadline);
                    if (more.length > 0) {
                        socket.getOutputStream().write(more);
                    }
                    // A connection that the gateway closed is found out by the next write.
                }
            }
        });
    }

    /** One byte of a header a second: the head never ends. */
    static DripAttack heads(String name, int attackers) {
        return new DripAttack(name, attackers, "GET /app/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: ", 1, 1_000);
    }

    /** Open and silent. */
    static DripAttack silent(String name, int attackers) {
        return new DripAttack(name, attackers, "", 0, 1_000);
    }

    static String header(String credential) throws IOException {
        return "Authorization: " + Target.authorization(credential).get("Authorization") + "\r\n";
    }
}
