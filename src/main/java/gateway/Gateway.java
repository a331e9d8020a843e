package gateway;

import gateway.command.Commands;

import java.nio.file.Path;

/** The program {@code whatsapp}. */
public final class Gateway {
    private Gateway() {
    }

    public static void main(String[] args) {
        var version = Gateway.class.getPackage().getImplementationVersion();
        var name = version == null ? "(built from source)" : version;
        var environment = System.getenv();
        System.exit(new Commands(name, environment, Path.of(""), new RestGateway(name, environment)).run(args));
    }
}
