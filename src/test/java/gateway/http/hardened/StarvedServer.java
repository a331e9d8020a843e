package gateway.http.hardened;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import gateway.http.HttpMetrics;

/** A server for a process with few file descriptors; ends when its standard input does, with the number of revivals. */
final class StarvedServer {
    private StarvedServer() {}

    public static void main(String[] args) throws IOException {
        var revivals = new AtomicInteger();
        var builder = HardenedServer.builder("starved")
                .limits(Limits.API.withConnections(10_000))
                .metrics(new HttpMetrics() {
                    @Override
                    public void revived() {
                        revivals.incrementAndGet();
                        System.out.println("revived");
                    }
                })
                .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok")));
        if (args[0].equals("overcommit")) {
            builder.overcommit();
        }
        var server = builder.start();
        System.out.println("port " + server.port());
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(revivals.get());
    }
}
