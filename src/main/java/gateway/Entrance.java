package gateway;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.AccountSource;
import gateway.auth.Accounts;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ConfiguredAccounts;
import gateway.auth.PasswordPolicy;
import gateway.config.BasicUser;
import gateway.config.Secret;
import gateway.config.Secrets;
import gateway.config.Settings;
import gateway.http.Cors;
import gateway.http.Exchange;
import gateway.http.Gate;
import gateway.http.Manner;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import io.helidon.webserver.http.ServerRequest;

/** Who may enter the REST listener, put together from the settings. */
final class Entrance implements AutoCloseable {
    private final Authenticator authenticator;
    private final Optional<Secret> generated;
    private final Settings.Http http;
    private final Cors cors;
    private final Gate gate;

    /** @param source adds the accounts of the database to those of the settings */
    Entrance(Settings settings, UnaryOperator<AccountSource> source, SecurityLog log, AuthMetrics metrics, InstantSource clock) {
        this.http = settings.http();
        this.authenticator = new Authenticator(source, clock);
        refusePoorPasswords(settings);
        this.generated = settings.auth().isEmpty() ? Optional.of(Secrets.generate()) : Optional.empty();
        admit(settings.auth(), authenticator.configured());
        this.cors = new Cors(Set.copyOf(http.corsOrigins()), (exchange, origin) -> log.count(new AuditEntry(
                SecurityEvent.MALICIOUS_CORS, "-", exchange.client().getHostAddress(), exchange.requestId(), AuditEntry.REFUSED,
                Map.of("at", "preflight"))));
        this.gate = new Gate(Manner.REST, authenticator, Wiring.proxies(http), new Throttle(http.basePath(), Wiring.rate(http.rate()),
                Wiring.rate(http.sendRate())), ScopeRules.api(http.basePath()), cors, log, metrics);
    }

    /** Production takes no password that is on the list of common ones (OWASP ASVS 6.2.4); elsewhere it is the operator's risk. */
    private static void refusePoorPasswords(Settings settings) {
        if (settings.profile() != Settings.Profile.PRODUCTION) {
            return;
        }
        var policy = new PasswordPolicy();
        for (var user : settings.auth().users()) {
            if (user.password() instanceof BasicUser.Plain(Secret text)) {
                policy.objection(user.name(), text.reveal()).ifPresent(objection -> {
                    throw new IllegalStateException("APP_BASIC_AUTH: the password of " + user.name() + " " + objection
                            + ". Make another one with: openssl rand -base64 32");
                });
            }
        }
    }

    private void admit(Settings.Auth auth, ConfiguredAccounts configured) {
        List<Accounts.User> users = generated
                .map(password -> List.of(configured.plainUser(Welcome.USER, password.reveal())))
                .orElseGet(() -> auth.users().stream().map(user -> user(user, configured)).toList());
        configured.replace(users, auth.apiToken().map(token -> configured.sendingToken(token.reveal())).stream().toList());
    }

    private static Accounts.User user(BasicUser user, ConfiguredAccounts configured) {
        return switch (user.password()) {
            case BasicUser.Plain(Secret text) -> configured.plainUser(user.name(), text.reveal());
            case BasicUser.Argon2id(Secret encoded) -> configured.hashedUser(user.name(), encoded.reveal());
        };
    }

    /** The password that was made because the operator configured no credential. */
    Optional<Secret> generated() {
        return generated;
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
