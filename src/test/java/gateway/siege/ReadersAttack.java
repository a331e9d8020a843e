package gateway.siege;

import java.net.URI;
import java.util.Map;

import gateway.bench.Client;

/**
 * Readers of the largest reply there is: a chat's hundred messages of 4,096 emoji each.
 *
 * @param slow how many of the readers take their answers at a kilobyte a second
 */
record ReadersAttack(String name, int attackers, int slow) implements Attack {
    private static final String CHAT = "6289900001111@s.whatsapp.net";
    private static final int MESSAGES = 100;
    private static final int EMOJI = 4_096;

    @Override
    public void prepare(Target target) throws Exception {
        var text = "😀".repeat(EMOJI);
        try (var client = target.client()) {
            for (int i = 0; i < MESSAGES; i++) {
                // Its bytes are UTF-8; Client.request counts characters, so the text goes as escapes.
                client.exchange(Client.request(
                        "POST",
                        "/send/message",
                        Target.authorization(Target.ATTACKER),
                        "{\"phone\":\"" + CHAT + "\",\"message\":\"" + escaped(text) + "\"}"));
            }
        }
    }

    private static String escaped(String text) {
        return text.chars().mapToObj("\\u%04x"::formatted).collect(java.util.stream.Collectors.joining());
    }

    @Override
    public Map<String, String> settings() {
        // The messages have to be there before; the rates are those of the tour otherwise.
        return Map.of("APP_SEND_RATE_LIMIT", "200/400");
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        var path = URI.create("/chat/" + CHAT + "/messages?limit=100").toString();
        var request = Client.request(
                "GET",
                path,
                Map.of(
                        "Authorization",
                        Target.authorization(Target.ATTACKER).get("Authorization"),
                        "Connection",
                        "close"),
                "");
        Swarm.run(attackers, deadline, i -> {
            try (var socket = target.open()) {
                if (i < slow) {
                    socket.setReceiveBufferSize(4_096);
                }
                socket.getOutputStream().write(request);
                var in = socket.getInputStream();
                var some = new byte[i < slow ? 1_024 : 65_536];
                while (in.read(some) > 0 && System.nanoTime() < deadline) {
                    if (i < slow) {
                        Swarm.pause(1_000, deadline);
                    }
                }
            }
        });
    }
}
