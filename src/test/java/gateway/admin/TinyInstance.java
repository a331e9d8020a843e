package gateway.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.net.httpserver.HttpServer;

/**
 * What the supervisor sees of an instance, and no more: a process that is started as {@code rest}, finds its port in
 * {@code .env}, answers {@code /readyz}, and ends. A file {@code end} in its directory makes it end at once with the
 * code that stands there.
 */
final class TinyInstance {
    private TinyInstance() {}

    public static void main(String[] arguments) throws Exception {
        var end = Path.of("end");
        if (Files.exists(end)) {
            System.exit(Integer.parseInt(Files.readString(end).strip()));
        }
        System.err.println(String.join(" ", arguments));
        System.getenv().forEach((name, value) -> System.err.println(name + "=" + value));
        var setting = Files.readAllLines(Path.of(".env")).stream()
                .filter(line -> line.startsWith("APP_PORT="))
                .findFirst()
                .orElseThrow();
        int port = Integer.parseInt(setting.replaceAll("\\D", ""));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/readyz", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
