package gateway;

import gateway.command.AuditCommand;
import gateway.command.Commands;
import gateway.command.EnvCommand;
import gateway.command.OutboxCommand;
import gateway.command.PasswordInput;
import gateway.command.RotateCommand;
import gateway.command.TokenCommand;
import gateway.command.UserCommand;
import gateway.command.WebhookCommand;

import java.nio.file.Path;

/** The program {@code whatsapp}. */
public final class Gateway {
    private Gateway() {
    }

    public static void main(String[] args) {
        var version = Gateway.class.getPackage().getImplementationVersion();
        var name = version == null ? "(built from source)" : version;
        var environment = System.getenv();
        var tools = new OperatorTools(environment, Path.of(""));
        var commands = new Commands(name, environment, Path.of(""), new RestGateway(name, environment))
                .with("outbox", () -> new OutboxCommand(tools::outbox))
                .with("webhook", () -> new WebhookCommand(tools::webhooks))
                .with("user", () -> new UserCommand(tools::accounts, PasswordInput.here()))
                .with("token", () -> new TokenCommand(tools::accounts))
                .with("rotate", () -> new RotateCommand(tools::rotation))
                .with("env", () -> new EnvCommand(Path.of(""), PasswordInput.here()))
                .with("audit", () -> new AuditCommand(tools::audit));
        System.exit(commands.run(args));
    }
}
