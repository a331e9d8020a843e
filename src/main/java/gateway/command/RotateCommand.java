package gateway.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;
import gateway.config.catalogue.SecretKind;
import gateway.rotation.Rotation;
import gateway.rotation.RotationRefused;
import gateway.webhook.InvalidEndpoint;

/** {@code whatsapp rotate}: works beside a running server, which takes each step over before the command goes on. */
@Command(
        name = "rotate",
        description = {
            "Gives secrets new values; the old ones stay good for a while.",
            "WHAT is basic-auth, api-token, admin-token, webhook-secret, db-password, encryption-key or all.",
            "Exits 0 when done, 1 when one of several failed, 2 when nothing was done."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp rotate basic-auth --overlap 24h",
            "  whatsapp rotate basic-auth --user ada --show",
            "  whatsapp rotate webhook-secret --endpoint ep_0123456789abcdef --show",
            "  whatsapp rotate all --older-than 90d --overlap 7d --out /root/rotated",
            "  whatsapp rotate all --dry-run",
            "  whatsapp rotate status",
            "  whatsapp rotate retire basic-auth"
        })
public final class RotateCommand implements Callable<Integer> {
    private final Supplier<Open> open;

    @Spec
    private CommandSpec spec;

    /** What the command works on; closing it closes the database and the security log. */
    public record Open(Rotation rotation, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    @Parameters(
            paramLabel = "WHAT",
            arity = "0..*",
            completionCandidates = SecretNames.WithAll.class,
            description = "which secrets")
    private List<String> what = List.of();

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            defaultValue = "24h",
            description =
                    "how long the old one stays good, such as 30m, 24h, 7d; 0s ends it at once (default ${DEFAULT-VALUE})")
    private String overlap = "24h";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "of basic-auth: this user only, of the settings or of the database")
    private @Nullable String user;

    @Option(names = "--token", paramLabel = "ID", description = "of api-token: this token of the database")
    private @Nullable String token;

    @Option(names = "--endpoint", paramLabel = "ID", description = "of webhook-secret: this endpoint of the database")
    private @Nullable String endpoint;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "only secrets that are older, such as 90d")
    private String olderThan = "0s";

    @Option(names = "--show", description = "print the new secrets on standard output")
    private boolean show;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write each new secret into a file there, for the owner only")
    private @Nullable Path out;

    @Option(names = "--dry-run", description = "say what would be done, and do nothing")
    private boolean dryRun;

    /** @param open opens the database when there is something to do */
    public RotateCommand(Supplier<Open> open) {
        this.open = open;
    }

    @Override
    public Integer call() {
        if (what.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Name what to rotate: " + String.join(", ", new SecretNames.WithAll())
                            + "; or do: status, retire.");
        }
        var time = PeriodOption.of(spec, "--overlap", overlap);
        var age = PeriodOption.of(spec, "--older-than", olderThan);
        try (var opened = open.get()) {
            var rotation = opened.rotation();
            if (user != null || token != null || endpoint != null) {
                return one(rotation, time);
            }
            var named = what.contains("all")
                    ? rotation.present()
                    : what.stream().distinct().map(this::kind).toList();
            if (what.contains("all")) {
                tellAbsent(named);
            }
            var kinds =
                    named.stream().filter(kind -> rotation.isOlder(kind, age)).toList();
            if (dryRun) {
                kinds.forEach(
                        kind -> out().println(kind.label() + ": would get a new value, kept in " + rotation.place(kind)
                                + (kind == SecretKind.ENCRYPTION_KEY || kind == SecretKind.DB_PASSWORD
                                        ? ""
                                        : "; the old one stays good for " + overlap)));
                out().flush();
                return 0;
            }
            for (var kind : kinds) {
                if (rotation.mustBeShown(kind) && !show && out == null) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "The new " + kind.label() + " could be read nowhere: add --show, or --out DIR for a file");
                }
            }
            return each(rotation, kinds, time);
        } catch (RotationRefused e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    /** What this shell does not see, a running server may have all the same. */
    private void tellAbsent(List<SecretKind> present) {
        for (var kind : SecretKind.values()) {
            if (!present.contains(kind)) {
                out().println(kind.label()
                        + ": is not set where this command looks, and stays as it is. If a server has it,"
                        + " give this command the server's settings.");
            }
        }
        out().flush();
    }

    private int each(Rotation rotation, List<SecretKind> kinds, Duration time) {
        var shown = shown();
        int done = 0;
        for (var kind : kinds) {
            try {
                shown.tell(rotation.rotate(kind, Optional.empty(), time));
                done++;
            } catch (RotationRefused e) {
                UsageErrors.refused(spec, e.getMessage());
            }
        }
        if (kinds.isEmpty()) {
            out().println("No secret is that old.");
            out().flush();
        }
        return done == kinds.size() ? 0 : done > 0 ? 1 : 2;
    }

    /** One user, token or endpoint. */
    private int one(Rotation rotation, Duration time) {
        if (what.size() != 1 || dryRun || (!show && out == null)) {
            throw new ParameterException(
                    spec.commandLine(), "Of one user, token or endpoint name one secret, with --show or --out DIR");
        }
        var shown = shown();
        try {
            var name = what.getFirst();
            if (name.equals("basic-auth") && user != null) {
                shown.tell(
                        rotation.isConfigured(user)
                                ? rotation.rotate(SecretKind.BASIC_AUTH, Optional.of(user), time)
                                : rotation.storedUser(user, time));
            } else if (name.equals("api-token") && token != null) {
                shown.tell(rotation.storedToken(token, time));
            } else if (name.equals("webhook-secret") && endpoint != null) {
                shown.tell(rotation.storedEndpoint(endpoint, time));
            } else {
                throw new ParameterException(
                        spec.commandLine(),
                        "--user goes with basic-auth, --token with api-token, --endpoint with webhook-secret");
            }
            return 0;
        } catch (RotationRefused e) {
            return UsageErrors.refused(spec, e.getMessage());
        } catch (CredentialBook.Refused e) {
            return UsageErrors.refused(spec, e.getMessage());
        } catch (InvalidEndpoint e) {
            return UsageErrors.refused(spec, e.field() + " " + e.getMessage() + ".");
        }
    }

    @Command(
            name = "status",
            description =
                    "Shows every secret: since when, where it is kept, whether its old one is still good and used.",
            footer = {"", "Example: whatsapp rotate status"})
    int status() {
        try (var opened = open.get()) {
            var list = new Listing("SECRET", "SINCE", "OLD ONE GOOD UNTIL", "OLD ONE LAST USED", "KEPT IN");
            opened.rotation().status().forEach((kind, status) -> {
                var since = status.entry().filter(line -> line.since() > 0);
                var old = status.entry().filter(line -> line.old().isPresent());
                list.row(
                        kind.label(),
                        since.map(line -> time(line.since())).orElse("unknown"),
                        old.map(line -> time(line.until())).orElse("-"),
                        old.map(line -> line.oldUsed() == 0 ? "not since" : time(line.oldUsed()))
                                .orElse("-"),
                        status.place());
            });
            list.print(out());
            return 0;
        } catch (RotationRefused e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    @Command(
            name = "retire",
            description = "Ends the old one of a secret now; the next request with it is refused.",
            footer = {"", "Example: whatsapp rotate retire basic-auth"})
    int retire(@Parameters(paramLabel = "WHAT", completionCandidates = SecretNames.class) String name) {
        var kind = kind(name);
        try (var opened = open.get()) {
            opened.rotation().retire(kind);
            out().println(kind.label() + ": only the new one is good.");
            out().flush();
            return 0;
        } catch (RotationRefused e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private NewSecrets shown() {
        return new NewSecrets(spec, show, Optional.ofNullable(out), overlap);
    }

    private SecretKind kind(String name) {
        return SecretKind.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "There is no secret of that name; there are " + String.join(", ", new SecretNames())));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
