package gateway.wiring;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gateway.admin.AdminApi;
import gateway.admin.AdminHealth;
import gateway.admin.AdminManner;
import gateway.admin.AdminMetrics;
import gateway.admin.AdminReply;
import gateway.admin.ChildSupervisor;
import gateway.admin.InstanceFiles;
import gateway.admin.InstanceSecrets;
import gateway.admin.InstanceSettings;
import gateway.admin.Instances;
import gateway.admin.Launch;
import gateway.admin.Pace;
import gateway.admin.PortRules;
import gateway.admin.RequestCounter;
import gateway.admin.ScrapeTargets;
import gateway.admin.Supervisor;
import gateway.admin.SystemdSupervisor;
import gateway.audit.AuditLog;
import gateway.auth.Authenticator;
import gateway.auth.ConfiguredCredentials;
import gateway.command.Server;
import gateway.config.Cidr;
import gateway.config.Settings;
import gateway.config.SupervisorKind;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.http.Allowance;
import gateway.http.Cors;
import gateway.http.Gate;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.HelidonSettings;
import gateway.http.hardened.Limits;
import gateway.metrics.Metrics;
import gateway.process.Lifetime;
import gateway.process.Resources;
import gateway.process.SystemdNotify;
import gateway.rotation.Reloading;
import gateway.secret.SealedSettings;
import gateway.secret.Snapshot;
import gateway.store.StorageDirectory;

/** {@code whatsapp admin}: every part of the Admin API, each given what it leans on, in that order. */
public final class AdminGateway implements Server {
    private static final System.Logger LOG = System.getLogger(AdminGateway.class.getName());
    /** A request may stop and start an instance, one after the other. */
    private static final int REQUESTS_AT_ONCE = 32;

    private final String version;
    private final Map<String, String> environment;
    private final InstantSource clock = InstantSource.system();
    private final StartPatience patience;

    public AdminGateway(String version, Map<String, String> environment) {
        this.version = version;
        this.environment = environment;
        this.patience = new StartPatience(SystemdNotify.of(environment));
    }

    @Override
    public boolean waitsFor(String absent) {
        return patience.waitsFor(absent);
    }

    @Override
    public int run(Configuration configuration, SettingsReader reader) {
        return Lifetime.of(configuration.settings().orElseThrow(), parts -> start(configuration, reader, parts));
    }

    private SystemdNotify start(Configuration configuration, SettingsReader reader, Resources parts) {
        HelidonSettings.none();
        var read = configuration.settings().orElseThrow();
        var manager = SystemdNotify.of(environment);
        var storage = StorageDirectory.prepare(read.storage().directory());
        var groundwork = Groundwork.of(read, reader, version);
        var ledger = groundwork.ledger();
        var rotated = groundwork.rotated();
        var settings = groundwork.settings();
        var metrics = groundwork.metrics();
        var root = Wiring.instances(storage);
        // One Admin API at a time looks after these instances.
        parts.add(StorageDirectory.claim(root));
        var log = parts.add(Wiring.securityLog(
                settings.storage(),
                checkpoint -> LOG.log(Level.INFO, "security log checkpoint {0}", checkpoint),
                metrics.audit(),
                groundwork.workers()));

        var counted = metrics.admin();
        var files = new InstanceFiles(root, new SealedSettings(groundwork.keys()), clock);
        var handOver = InstanceSecrets.of(environment, root);
        var instances = parts.add(new Instances(
                files,
                handOver,
                supervisor(settings, files, handOver, counted),
                new PortRules(reserved(settings)),
                new InstanceSettings(inherited(settings), root.resolve("removed")),
                counted));
        var authenticator = parts.add(new Authenticator(UnaryOperator.identity(), clock));
        admit(authenticator.configured(), settings, rotated).run();
        var gate = gate(settings, authenticator, log, metrics);
        var budget = groundwork.budget(parts);
        var server = parts.add(HardenedServer.builder("admin")
                .address(settings.admin().host())
                .port(settings.admin().port())
                .limits(Limits.API
                        .withBodyBytes(AdminApi.BODY_BYTES)
                        .withConnections(256)
                        .withRequests(REQUESTS_AT_ONCE))
                .proxies(Wiring.proxies(settings.http())::trusts)
                .metrics(metrics.http("admin"))
                .workers(groundwork.workers())
                .translating(AdminReply::known)
                .refusing(AdminReply::problem)
                .filter(new RequestCounter(counted))
                .filter(new Allowance(budget))
                .routes(routes -> {
                    routes.register(new AdminHealth(instances, version, groundwork.workers()));
                    routes.any(gate);
                    routes.register(new AdminApi(instances));
                })
                .start());
        var scrape = parts.add(groundwork.scrape(
                settings.admin().metricsPort(), routes -> routes.get("/targets", new ScrapeTargets(instances))));
        parts.add(Groundwork.serving(log, version));
        instances.resume();
        var url = Wiring.url(settings.admin().host(), server.port());
        LOG.log(Level.INFO, "Ready on {0}, metrics on port {1,number,#}", url, scrape.port());
        metrics.uptime(clock);
        var configured = authenticator.configured();
        configured.whenOldIsUsed(
                (kind, when) -> Thread.ofVirtual().start(() -> ledger.oldUsed(SecretKind.ADMIN_TOKEN, when)));
        parts.add(new Reloading(
                        reader,
                        configuration,
                        ledger,
                        List.of((next, old) -> admit(configured, next, old)),
                        log,
                        metrics.reloads(clock),
                        clock,
                        groundwork.workers()))
                .start();
        groundwork.ready(manager, url, server::alive, parts);
        return manager;
    }

    /** Makes the token ready to be let in, and the previous token while that is valid. */
    private Runnable admit(ConfiguredCredentials configured, Settings settings, Snapshot ledger) {
        var tokens = Stream.concat(
                        settings
                                .admin()
                                .token()
                                .map(token -> configured.adminToken(token.reveal(), Instant.MAX))
                                .stream(),
                        ledger
                                .old(SecretKind.ADMIN_TOKEN, settings, clock.instant())
                                .map(old -> configured.adminToken(old.secret().reveal(), old.until()))
                                .stream())
                .toList();
        return () -> configured.replace(List.of(), tokens);
    }

    private Gate gate(Settings settings, Authenticator authenticator, AuditLog log, Metrics metrics) {
        metrics.backoffs(authenticator::activeBackoffs);
        var rate = Wiring.rate(settings.http().rate());
        return new Gate(
                new AdminManner(),
                authenticator,
                Wiring.proxies(settings.http()),
                new Throttle("", rate, rate),
                ScopeRules.manageOnly(),
                Cors.none(),
                log,
                metrics.auth());
    }

    private Supervisor supervisor(
            Settings settings, InstanceFiles files, InstanceSecrets handOver, AdminMetrics metrics) {
        return settings.admin().supervisor() == SupervisorKind.SYSTEMD
                ? new SystemdSupervisor(clock, settings.profile().text())
                : new ChildSupervisor(files, handOver, Launch.again(), Pace.USUAL, metrics);
    }

    private static Set<Integer> reserved(Settings settings) {
        return Set.copyOf(List.of(
                settings.admin().port(),
                settings.admin().metricsPort(),
                settings.http().port(),
                settings.metrics().port()));
    }

    /** What is decided for this machine rather than for one instance. */
    private static Map<String, String> inherited(Settings settings) {
        var all = new HashMap<>(Map.of(
                "APP_PROFILE", settings.profile().text(),
                "APP_RATE_LIMIT", text(settings.http().rate()),
                "APP_SEND_RATE_LIMIT", text(settings.http().sendRate()),
                "WHATSAPP_ENGINE", Engines.name(settings.whatsApp().engine()),
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                        Boolean.toString(settings.webhook().allowHttp())));
        list(settings.http().trustedProxies()).ifPresent(ranges -> all.put("APP_TRUSTED_PROXY", ranges));
        if (settings.api().downloads().allowHttp()) {
            all.put("WHATSAPP_DOWNLOAD_ALLOW_HTTP", "true");
        }
        list(settings.api().downloads().allowedCidrs())
                .ifPresent(ranges -> all.put("WHATSAPP_DOWNLOAD_ALLOW_CIDRS", ranges));
        list(settings.whatsApp().webClient().allowedProxies())
                .ifPresent(ranges -> all.put("WHATSAPP_PROXY_ALLOW_CIDRS", ranges));
        list(settings.webhook().allowedCidrs()).ifPresent(ranges -> all.put("WHATSAPP_WEBHOOK_ALLOW_CIDRS", ranges));
        return all;
    }

    private static Optional<String> list(List<Cidr> ranges) {
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(ranges.stream().map(Cidr::toString).collect(Collectors.joining(",")));
    }

    private static String text(Settings.Rate rate) {
        return rate.isOff() ? "off" : rate.perSecond() + "/" + rate.burst();
    }
}
