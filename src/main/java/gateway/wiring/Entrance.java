package gateway.wiring;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.helidon.webserver.http.ServerRequest;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ConfiguredCredentials;
import gateway.auth.CredentialSource;
import gateway.auth.Credentials;
import gateway.auth.PasswordPolicy;
import gateway.auth.Principal;
import gateway.config.BasicUser;
import gateway.config.Secret;
import gateway.config.SecretGenerator;
import gateway.config.Settings;
import gateway.config.catalogue.BasicAuthParser;
import gateway.config.catalogue.SecretKind;
import gateway.http.Cors;
import gateway.http.Exchange;
import gateway.http.Gate;
import gateway.http.GatePolicy;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import gateway.process.ExplainedFault;
import gateway.secret.Ledger;
import gateway.secret.Snapshot;

/** Who may enter the REST listener, put together from the settings. */
final class Entrance implements AutoCloseable {
    private final Authenticator authenticator;
    private final Optional<Secret> generated;
    private final Settings.Http http;
    private final Cors cors;
    private final Gate gate;
    private final InstantSource clock;

    /** @param source adds the accounts of the database to those of the settings */
    Entrance(
            Settings settings,
            Snapshot ledger,
            UnaryOperator<CredentialSource> source,
            SecurityLog log,
            AuthMetrics metrics,
            InstantSource clock) {
        this.http = settings.http();
        this.authenticator = new Authenticator(source, clock);
        this.clock = clock;
        this.generated = settings.auth().isEmpty() ? Optional.of(SecretGenerator.generate()) : Optional.empty();
        ready(settings, ledger).run();
        this.cors = new Cors(
                Set.copyOf(http.corsOrigins()),
                (exchange, origin) -> log.count(new AuditEntry(
                        SecurityEvent.MALICIOUS_CORS,
                        "-",
                        exchange.client().getHostAddress(),
                        exchange.requestId(),
                        AuditEntry.REFUSED,
                        Map.of("at", "preflight"))));
        this.gate = new Gate(
                GatePolicy.REST,
                authenticator,
                Wiring.proxies(http),
                new Throttle(http.basePath(), Wiring.rate(http.rate()), Wiring.rate(http.sendRate())),
                ScopeRules.api(http.basePath()),
                cors,
                log,
                metrics);
    }

    /**
     * Production takes no password that is on the list of common ones (OWASP ASVS 6.2.4); elsewhere it is the
     * operator's risk.
     */
    private static void refusePoorPasswords(Settings settings) {
        if (!settings.profile().holdsProductionRules()) {
            return;
        }
        var policy = new PasswordPolicy();
        for (var user : settings.auth().users()) {
            if (user.password() instanceof BasicUser.Plain(Secret text)) {
                policy.objection(user.name(), text.reveal()).ifPresent(objection -> {
                    throw new ExplainedFault("APP_BASIC_AUTH: the password of " + user.name() + " " + objection
                            + ". Make another one with: openssl rand -base64 32");
                });
            }
        }
    }

    /**
     * Makes the settings' users and token ready to be let in, the ones they replaced too while those are good.
     *
     * @throws ExplainedFault when production may not take one of the passwords, or no credential is left
     */
    Runnable ready(Settings settings, Snapshot ledger) {
        refusePoorPasswords(settings);
        var auth = settings.auth();
        if (auth.isEmpty() && generated.isEmpty()) {
            throw new ExplainedFault(
                    "No credential is left: set APP_BASIC_AUTH or WHATSAPP_SECRET, or restart to get one for the run.");
        }
        var configured = authenticator.configured();
        var now = clock.instant();
        var users = auth.isEmpty()
                ? List.of(configured.plainUser(
                        Welcome.USER, generated.orElseThrow().reveal()))
                : users(auth.users(), ledger.old(SecretKind.BASIC_AUTH, settings, now), configured);
        var tokens = Stream.concat(
                        auth.apiToken().map(token -> configured.sendingToken(token.reveal(), Instant.MAX)).stream(),
                        ledger
                                .old(SecretKind.API_TOKEN, settings, now)
                                .map(old -> configured.sendingToken(old.secret().reveal(), old.until()))
                                .stream())
                .toList();
        return () -> configured.replace(users, tokens);
    }

    /** The users, each with the present password and, for a while, the previous one. A removed user may not enter. */
    private static List<Credentials.User> users(
            List<BasicUser> users, Optional<Snapshot.Old> old, ConfiguredCredentials configured) {
        var before = old.map(rotated -> BasicAuthParser.read(rotated.secret()).stream()
                        .collect(Collectors.toMap(BasicUser::name, user -> user)))
                .orElse(Map.of());
        return users.stream()
                .map(user -> {
                    var fresh = user(user, configured);
                    var earlier = before.get(user.name());
                    return earlier == null || earlier.password().equals(user.password())
                            ? fresh
                            : configured.rotating(
                                    user(earlier, configured),
                                    fresh,
                                    old.orElseThrow().until());
                })
                .toList();
    }

    private static Credentials.User user(BasicUser user, ConfiguredCredentials configured) {
        return switch (user.password()) {
            case BasicUser.Plain(Secret text) -> configured.plainUser(user.name(), text.reveal());
            case BasicUser.Argon2id(Secret encoded) -> configured.hashedUser(user.name(), encoded.reveal());
        };
    }

    /** The password that was made because the operator configured no credential. */
    Optional<Secret> generated() {
        return generated;
    }

    /** Notes in the ledger who still comes with what was replaced. */
    void watchOld(Ledger ledger) {
        authenticator
                .configured()
                .whenOldIsUsed((kind, when) -> Thread.ofVirtual()
                        .start(() -> ledger.oldUsed(
                                kind == Principal.Kind.TOKEN ? SecretKind.API_TOKEN : SecretKind.BASIC_AUTH, when)));
    }

    /** Who may enter. */
    CredentialSource accounts() {
        return authenticator.accounts();
    }

    /** Addresses that have to wait at this moment. */
    int activeBackoffs() {
        return authenticator.activeBackoffs();
    }

    Cors cors() {
        return cors;
    }

    Gate gate() {
        return gate;
    }

    /** Whether the forwarding headers of the request come from a proxy the operator named. */
    boolean behindTrustedProxy(ServerRequest request) {
        var peer = Exchange.current().peer();
        return http.trustedProxies().stream().anyMatch(range -> range.contains(peer));
    }

    @Override
    public void close() {
        authenticator.close();
    }
}
