package gateway.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.Admission;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.Network;
import gateway.auth.Principal;
import gateway.process.OwnProbes;

/**
 * The one entrance: client address, rate of the address for whoever is not known, credentials, rate of the principal,
 * scope. Registered as a route for everything, behind the few that are open to all and before the others, so that a
 * route added later is guarded whether or not anybody thought of it (OWASP ASVS 6.3.4).
 */
public final class Gate implements Handler, UpgradeGate {
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");
    private final GatePolicy manner;
    private final Authenticator authenticator;
    private final ClientAddress addresses;
    private final Throttle throttle;
    private final ScopeRules scopes;
    private final Cors origins;
    private final SecurityLog log;
    private final AuthMetrics metrics;
    private final Map<String, String> listener;

    public Gate(
            GatePolicy manner,
            Authenticator authenticator,
            ClientAddress addresses,
            Throttle throttle,
            ScopeRules scopes,
            Cors origins,
            SecurityLog log,
            AuthMetrics metrics) {
        this.manner = manner;
        this.authenticator = authenticator;
        this.addresses = addresses;
        this.throttle = throttle;
        this.scopes = scopes;
        this.origins = origins;
        this.log = log;
        this.metrics = metrics;
        this.listener = Map.of("listener", manner.listener());
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Exchange exchange = Exchange.current();
        admit(exchange, request.prologue(), request.headers());
        if (!Exchange.CONNECTION
                .get()
                .claim(Network.site(exchange.client()), exchange.principal().orElseThrow())) {
            throttled(exchange, "under_way");
            throw Problem.tooMany("Too many requests of this address or credential are under way.", 1);
        }
        response.next();
    }

    /** Counts a request on a route that is open to all, by the rate of its address. */
    public Handler strangers() {
        return (request, response) -> {
            Exchange exchange = Exchange.current();
            locate(exchange, request.headers());
            throttle.address(exchange, request.prologue().uriPath().path(), this::throttled);
            response.next();
        };
    }

    /**
     * Lets the exchange in, with its principal set.
     *
     * @throws Problem 401, 403, 429 or 503
     */
    @Override
    public void admit(Exchange exchange, HttpPrologue prologue, Headers headers) {
        String path = prologue.uriPath().path();
        locate(exchange, headers);
        boolean foreign = headers.contains(HeaderNames.UPGRADE) && !origins.admits(headers);
        List<String> given = given(prologue, headers);
        // A client that is known draws on its own rate alone: strangers drain the one of the address.
        Optional<Admission> known = foreign || given.size() != 1
                ? Optional.empty()
                : authenticator.known(given.getFirst(), exchange.client());
        if (known.isEmpty()) {
            throttle.address(exchange, path, this::throttled);
        }
        if (foreign) {
            log.count(entry(SecurityEvent.MALICIOUS_CORS, "-", exchange, AuditEntry.REFUSED, Map.of("at", "upgrade")));
            throw Problem.forbidden("Pages of this origin may not open a socket here.");
        }
        Principal principal = decided(exchange, known.orElseGet(() -> judged(given, exchange)), given);
        throttle.principal(exchange, principal, path, this::throttled);
        Principal.Scope needed = scopes.needed(prologue.method().text(), path);
        if (!principal.may(needed)) {
            log.write(entry(
                    SecurityEvent.AUTHZ_FAIL,
                    principal.name(),
                    exchange,
                    AuditEntry.REFUSED,
                    Map.of("needs", needed.text(), "method", prologue.method().text())));
            throw Problem.forbidden("This credential lacks the scope \"" + needed.text() + "\".");
        }
        if (principal.device().isPresent() && scopes.concernsAll(path)) {
            log.write(entry(
                    SecurityEvent.AUTHZ_FAIL,
                    principal.name(),
                    exchange,
                    AuditEntry.REFUSED,
                    Map.of("needs", "all devices", "method", prologue.method().text())));
            throw Problem.forbidden("This credential is for one device only.");
        }
        if (needed == Principal.Scope.MANAGE) {
            administers(exchange, principal, prologue.method().text(), path);
        }
    }

    /**
     * The credentials. A browser's socket cannot send a header, so a page of a listed origin may give them as the
     * original's own page does: Base64 of user and password, in the address.
     */
    private List<String> given(HttpPrologue prologue, Headers headers) {
        var given = headers.all(HeaderNames.AUTHORIZATION, List::of);
        if (!given.isEmpty() || !headers.contains(HeaderNames.UPGRADE) || !origins.lists(headers)) {
            return given;
        }
        return prologue.query().all("authorization", List::of).stream()
                .map(text -> text.indexOf(' ') < 0 ? "Basic " + text : text)
                .toList();
    }

    /** Written down before it is done, so that nothing is administered which the log does not tell of. */
    private void administers(Exchange exchange, Principal principal, String method, String path) {
        var entry = entry(
                SecurityEvent.AUTHZ_ADMIN,
                principal.name(),
                exchange,
                AuditEntry.SUCCESS,
                Map.of("method", method, "path", manner.told(path)));
        if (manner.aggregated(method, path)) {
            log.count(entry);
        } else {
            log.write(entry);
        }
    }

    private void locate(Exchange exchange, Headers headers) {
        var origin = addresses.of(exchange.peer(), headers.all(FORWARDED_FOR, List::of));
        exchange.client(origin.address());
        if (origin.forged()) {
            log.count(entry(
                    SecurityEvent.MALICIOUS_EXTRANEOUS,
                    "-",
                    exchange,
                    AuditEntry.REFUSED,
                    Map.of("header", "X-Forwarded-For")));
        }
    }

    private Admission judged(List<String> given, Exchange exchange) {
        return given.size() > 1
                ? authenticator.authenticate("", exchange.client())
                : authenticator.authenticate(given.isEmpty() ? null : given.getFirst(), exchange.client());
    }

    private Principal decided(Exchange exchange, Admission verdict, List<String> given) {
        if (verdict instanceof Admission.Admitted admitted) {
            return admitted(exchange, admitted);
        }
        if (verdict instanceof Admission.Later later) {
            metrics.attempt("later", later.reason().label(), manner.listener());
            log.count(entry(
                    SecurityEvent.EXCESS_RATE_LIMIT_EXCEEDED,
                    "-",
                    exchange,
                    AuditEntry.REFUSED,
                    Map.of("reason", later.reason().label())));
            throw later.reason() == Admission.Reason.BUSY
                    ? Problem.unavailable("Too many logins are checked at this moment.", later.seconds())
                    : Problem.tooMany("Too many failed logins from this address.", later.seconds());
        }
        var refusal = (Admission.Refused) verdict;
        refused(exchange, refusal, OwnProbes.isLogin(exchange.client(), given));
        throw manner.unauthorized(refusal.reason());
    }

    private Principal admitted(Exchange exchange, Admission.Admitted admitted) {
        metrics.attempt("admitted", admitted.fresh() ? "verified" : "remembered", manner.listener());
        if (admitted.retiring()) {
            metrics.retiringCredentialUsed();
        }
        String name = admitted.principal().name();
        if (admitted.fresh()) {
            log.write(entry(SecurityEvent.AUTHN_LOGIN_SUCCESS, name, exchange, AuditEntry.SUCCESS, Map.of()));
        } else {
            // Nearly every request comes here, and a count needs no request's id.
            log.count(new AuditEntry(
                    SecurityEvent.AUTHN_LOGIN_SUCCESS,
                    name,
                    exchange.client().getHostAddress(),
                    "-",
                    AuditEntry.SUCCESS,
                    listener));
        }
        exchange.admitted(admitted.principal(), admitted.grant());
        return admitted.principal();
    }

    private void refused(Exchange exchange, Admission.Refused refused, boolean ownProbe) {
        metrics.attempt(
                "refused", ownProbe ? AuthMetrics.PROBE : refused.reason().label(), manner.listener());
        var entry = entry(
                SecurityEvent.AUTHN_LOGIN_FAIL,
                "-",
                exchange,
                AuditEntry.FAILURE,
                Map.of("reason", refused.reason().label()));
        if (refused.reason() == Admission.Reason.MISSING) {
            log.count(entry);
        } else {
            log.write(entry);
        }
        if (refused.startsWait()) {
            log.write(entry(
                    SecurityEvent.AUTHN_LOGIN_FAIL_MAX,
                    "-",
                    exchange,
                    AuditEntry.REFUSED,
                    Map.of("site", Network.site(exchange.client()).toString())));
        }
    }

    private void throttled(Exchange exchange, String limit) {
        metrics.throttled(limit);
        log.count(entry(
                SecurityEvent.EXCESS_RATE_LIMIT_EXCEEDED,
                exchange.principal().map(Principal::name).orElse("-"),
                exchange,
                AuditEntry.REFUSED,
                Map.of("limit", limit)));
    }

    private AuditEntry entry(
            SecurityEvent event, String actor, Exchange exchange, String outcome, Map<String, String> details) {
        Map<String, String> all = listener;
        if (!details.isEmpty()) {
            all = new HashMap<>(details);
            all.putAll(listener);
        }
        return new AuditEntry(event, actor, exchange.client().getHostAddress(), exchange.requestId(), outcome, all);
    }
}
