package gateway.wiring;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.api.Api;
import gateway.api.AuthRoutes;
import gateway.api.HealthRoutes;
import gateway.api.InletRoutes;
import gateway.api.SignedLinks;
import gateway.api.WebhookRoutes;
import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.audit.AuditUnavailable;
import gateway.audit.SecurityLog;
import gateway.auth.CredentialBook;
import gateway.auth.PairingLinks;
import gateway.auth.StoredCredentials;
import gateway.budget.Workbench;
import gateway.check.PostureReader;
import gateway.config.Settings;
import gateway.console.Console;
import gateway.http.Allowance;
import gateway.http.Problem;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.Limits;
import gateway.process.Resources;
import gateway.webhook.DeviceEndpoints;
import gateway.webhook.payload.Account;

/**
 * The listener of the REST API and the console.
 *
 * @param entrance decides who may enter
 * @param log      the security log, which holds who entered
 */
record RestListener(HardenedServer server, Entrance entrance, SecurityLog log) {
    private static final System.Logger LOG = System.getLogger(RestListener.class.getName());

    static RestListener open(
            Groundwork groundwork,
            StoreParts stored,
            MessagingParts messaging,
            String version,
            InstantSource clock,
            Resources parts) {
        var settings = groundwork.settings();
        var store = stored.store();
        var metrics = groundwork.metrics();
        var anchor = new AuditAnchor(store, Wiring.auditKeys(settings.storage()));
        var log = parts.add(Wiring.securityLog(
                settings.storage(),
                checkpoint -> {
                    LOG.log(Level.INFO, "security log checkpoint {0}", checkpoint);
                    anchor.keep(checkpoint);
                },
                metrics.audit(),
                groundwork.workers()));
        var generation = Wiring.generation(settings, store);
        var budget = groundwork.budget(parts);
        var entrance = parts.add(new Entrance(
                settings,
                groundwork.rotated(),
                configured -> new StoredCredentials(store, configured, generation),
                log,
                metrics.auth(),
                clock));

        var base = settings.http().basePath();
        var webhooks = messaging.webhooks();
        var api = api(settings, version, entrance, stored, messaging, clock, parts.add(new Workbench(budget)), log);
        var console = new Console(
                new Console.About(
                        base,
                        version,
                        messaging.engines().usual(),
                        settings.profile().text(),
                        settings.profile().isRehearsal()),
                messaging.accounts(),
                messaging.feed(),
                new PostureReader(
                        settings.storage().reports(), CheckTools.attestations(settings.storage())::find, clock));
        var health = new HealthRoutes(List.of(stored.check()), groundwork.workers());
        var server = parts.add(HardenedServer.builder("rest")
                .address(settings.http().host())
                .port(settings.http().port())
                .limits(Limits.API.withBodyBytes(Api.largestBody(media(settings.limits()))))
                .proxies(Wiring.proxies(settings.http())::trusts)
                .metrics(metrics.http("rest"))
                .workers(groundwork.workers())
                .translating(RestListener::problem)
                .filter(new Allowance(budget))
                .filter(entrance.cors())
                .routes(routes -> {
                    routes.register(health);
                    routes.register(base + "/engine", new InletRoutes(messaging.engines()));
                    api.open(
                            routes,
                            !settings.http().corsOrigins().isEmpty(),
                            entrance.gate().strangers());
                    routes.any(entrance.gate());
                    api.routes(routes);
                    routes.register(
                            base + "/webhooks",
                            new WebhookRoutes(
                                    api.bodies(),
                                    webhooks.endpoints(),
                                    webhooks.deliveries(),
                                    new Account(MessagingParts.FIRST_ACCOUNT, Optional.empty())));
                    routes.register(
                            base, new AuthRoutes(api.bodies(), new CredentialBook(store, generation, log, clock)));
                    routes.register(base, console);
                })
                .sockets(console::sockets, entrance.gate())
                .start());
        // Closed before the server, so that a stop does not wait for open pages.
        parts.add(messaging.feed());
        metrics.backoffs(entrance::activeBackoffs);
        return new RestListener(server, entrance, log);
    }

    private static Api api(
            Settings settings,
            String version,
            Entrance entrance,
            StoreParts stored,
            MessagingParts messaging,
            InstantSource clock,
            Workbench bench,
            SecurityLog log) {
        return new Api(
                new Api.Rules(
                        settings.http().basePath(),
                        settings.http().publicUrl(),
                        settings.api().strict(),
                        settings.api().accountValidation(),
                        entrance::behindTrustedProxy,
                        settings.http().corsOrigins()::contains,
                        media(settings.limits()),
                        version,
                        settings.whatsApp().deviceName(),
                        settings.profile().text()),
                messaging.accounts(),
                messaging.outbox(),
                stored.store(),
                messaging.media(),
                ((MediaSource) messaging.webhooks()::fetch)
                        .upTo(settings.limits().download()),
                messaging.engines().routes(),
                clock,
                bench,
                new DeviceEndpoints(messaging.webhooks().endpoints()),
                new SignedLinks(() -> stored.sealing().derived("signed links"), clock),
                new PairingLinks(stored.store(), entrance.accounts(), log, clock));
    }

    private static MediaLimits media(Settings.Limits setting) {
        return new MediaLimits(
                setting.image(), setting.file(), setting.video(), setting.audio(), MediaLimits.DEFAULT.pixels());
    }

    /** What is thrown behind the routes, as a client is told of it. */
    private static Optional<Problem> problem(Throwable thrown) {
        return thrown instanceof AuditUnavailable
                ? Optional.of(Problem.unavailable("The security log cannot be written; nothing was done.", 5))
                : Api.problem(thrown);
    }

    /** Where clients reach the API. */
    String url(Settings.Http http) {
        return Wiring.url(http.host(), server.port()) + http.basePath();
    }
}
