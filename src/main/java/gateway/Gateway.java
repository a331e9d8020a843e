package gateway;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import gateway.command.AttestCommand;
import gateway.command.AuditCommand;
import gateway.command.BackupCommand;
import gateway.command.CheckCommand;
import gateway.command.Commands;
import gateway.command.EnvCommand;
import gateway.command.HoldCommand;
import gateway.command.OutboxCommand;
import gateway.command.PairCommand;
import gateway.command.PasswordInput;
import gateway.command.ReleaseCommand;
import gateway.command.RestoreCommand;
import gateway.command.RotateCommand;
import gateway.command.Screen;
import gateway.command.Server;
import gateway.command.Serving;
import gateway.command.TokenCommand;
import gateway.command.TraceCommand;
import gateway.command.UserCommand;
import gateway.command.WebhookCommand;
import gateway.config.Role;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;
import gateway.wiring.AdminGateway;
import gateway.wiring.BackupTools;
import gateway.wiring.CheckTools;
import gateway.wiring.OperatorTools;
import gateway.wiring.RestGateway;

/** The program {@code whatsapp}. */
public final class Gateway {
    private static final Path HERE = Path.of("");
    /** As long as an engine keeps a pairing code alive. */
    private static final Duration PAIRING = Duration.ofMinutes(5);

    private Gateway() {}

    public static void main(String[] args) {
        // Before the first HttpClient: the runtime else offers no password to a proxy that tunnels.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        var version = Gateway.class.getPackage().getImplementationVersion();
        var name = version == null ? "(built from source)" : version;
        var environment = System.getenv();
        var rest = new RestGateway(name, environment);
        System.exit(
                List.of(args).equals(List.of("rest"))
                        ? withoutFlags(rest, environment)
                        : commands(name, rest, environment).run(args));
    }

    /** As a service starts it: for a single word the command line's library would take a tenth of the time and 2 MB. */
    private static int withoutFlags(Server rest, Map<String, String> environment) {
        RestGateway.prepare();
        var err = new PrintWriter(System.err, true);
        try {
            return Serving.serve(new SettingsReader(Role.REST, new Flags(Map.of()), environment, HERE), err, rest);
        } catch (RuntimeException e) {
            return Serving.failed(e, err);
        }
    }

    /** The whole command line. */
    static Commands commands(String name, Server rest, Map<String, String> environment) {
        var tools = new OperatorTools(environment, HERE);
        var backups = new BackupTools(environment, HERE, name);
        var checks = new CheckTools(environment, HERE);
        return new Commands(name, environment, HERE, rest, new AdminGateway(name, environment))
                .with("pair", () -> new PairCommand(tools::pairing, Screen.here(environment), PAIRING))
                .with("trace", () -> new TraceCommand(tools::tracing))
                .with("outbox", () -> new OutboxCommand(tools::outbox))
                .with("hold", () -> new HoldCommand(tools::holds))
                .with("release", () -> new ReleaseCommand(tools::holds))
                .with("webhook", () -> new WebhookCommand(tools::webhooks))
                .with("user", () -> new UserCommand(tools::accounts, PasswordInput.here()))
                .with("token", () -> new TokenCommand(tools::accounts))
                .with("rotate", () -> new RotateCommand(tools::rotation))
                .with("env", () -> new EnvCommand(HERE, PasswordInput.here()))
                .with("backup", () -> new BackupCommand(backups::open, backups::remote))
                .with(
                        "restore",
                        () -> new RestoreCommand(
                                BackupTools::settling,
                                backups::open,
                                backups::remote,
                                tools::holds,
                                backups::settingsFile))
                .with("check", () -> new CheckCommand(checks::open, name, checks::reported))
                .with("attest", () -> new AttestCommand(checks::attesting, InstantSource.system()))
                .with("audit", () -> new AuditCommand(tools::audit));
    }
}
