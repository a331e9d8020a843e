package gateway.siege;

import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import gateway.bench.Client;

/** Wrong passwords from the good client's own address. */
record LoginAttack(String name, int perSecond) implements Attack {
    private static final int ATTACKERS = 50;

    @Override
    public boolean fromGoodAddress() {
        return true;
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        var count = new AtomicInteger();
        var clients = new Client[ATTACKERS];
        Swarm.run(ATTACKERS, deadline, i -> {
            if (clients[i] == null) {
                clients[i] = target.client();
            }
            Swarm.pause(1_000L * ATTACKERS / perSecond, deadline);
            var guess = Base64.getEncoder().encodeToString(("good:guess-number-" + count.getAndIncrement()).getBytes());
            clients[i].exchange(Client.request("GET", "/app/status", Map.of("Authorization", "Basic " + guess), ""));
        });
        for (var client : clients) {
            if (client != null) {
                client.close();
            }
        }
    }
}
