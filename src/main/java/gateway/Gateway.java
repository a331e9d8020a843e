package gateway;

import gateway.command.Commands;

import java.nio.file.Path;

/** The program {@code whatsapp}. */
public final class Gateway {
    private Gateway() {
    }

    public static void main(String[] args) {
        var version = Gateway.class.getPackage().getImplementationVersion();
        var commands = new Commands(version == null ? "(built from source)" : version, System.getenv(), Path.of(""),
                settings -> {
                    System.err.println("error: this build has no server.");
                    return 1;
                });
        System.exit(commands.run(args));
    }
}
