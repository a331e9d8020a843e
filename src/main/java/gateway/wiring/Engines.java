package gateway.wiring;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import gateway.api.EngineRoutes;
import gateway.api.sandbox.SandboxControls;
import gateway.config.ProxyAddress;
import gateway.config.Settings;
import gateway.config.Settings.EngineKind;
import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.Inlet;
import gateway.engine.MediaFiles;
import gateway.engine.OutboundProxy;
import gateway.engine.sandbox.InboundRules;
import gateway.engine.sandbox.SandboxEngine;
import gateway.engine.web.WebEngine;
import gateway.outbound.AddressGuard;
import gateway.outbound.AddressRules;
import gateway.outbound.SystemResolver;
import gateway.process.Workers;
import gateway.secret.SecretCodec;

/**
 * Makes the engines of this process, each once and when the first account needs it: nothing of an engine that no
 * account has is loaded. Production offers the pretended WhatsApp only when it was chosen for the whole process.
 */
final class Engines implements EngineDirectory, AutoCloseable {
    static final String SANDBOX = "sandbox";
    static final String WEB = "web";

    private final String usual;
    private final Map<String, Supplier<Engine>> makers = new LinkedHashMap<>();
    private final Map<String, Engine> made = new LinkedHashMap<>();
    private final SystemResolver resolver = new SystemResolver();

    Engines(Settings settings, MediaFiles media, SecretCodec seals, InstantSource clock, Workers workers) {
        var setting = settings.whatsApp();
        this.usual = name(setting.engine());
        if (setting.engine() == EngineKind.SANDBOX || !settings.profile().holdsProductionRules()) {
            makers.put(
                    SANDBOX,
                    () -> new SandboxEngine(
                            media,
                            clock,
                            workers,
                            new InboundRules(
                                    setting.autoDownloadMedia(),
                                    settings.limits().download(),
                                    setting.keepChats())));
        }
        makers.put(
                WEB,
                () -> new WebEngine(
                        setting.twin().url(),
                        setting.twin().rootKey(),
                        setting.deviceName(),
                        setting.webClient().version(),
                        setting.webClient().proxy().map(Engines::proxy),
                        new AddressGuard(
                                AddressRules.proxies(setting.webClient().allowedProxies()), resolver),
                        seals,
                        clock));
    }

    /** The name that an account's row and the setting have for the engine. */
    static String name(EngineKind kind) {
        return switch (kind) {
            case SANDBOX -> SANDBOX;
            case WEB -> WEB;
        };
    }

    private static OutboundProxy proxy(ProxyAddress given) {
        return new OutboundProxy(
                given.host(),
                given.port(),
                given.user().orElse(""),
                given.password().reveal());
    }

    @Override
    public String usual() {
        return usual;
    }

    @Override
    public List<String> names() {
        return List.copyOf(makers.keySet());
    }

    @Override
    public synchronized Optional<Engine> find(String name) {
        return Optional.ofNullable(makers.get(name)).map(maker -> made.computeIfAbsent(name, known -> maker.get()));
    }

    /** The inlet of an engine that an account has needed. A call from outside makes no engine. */
    @Override
    public synchronized Optional<Inlet> inlet(String name) {
        return Optional.ofNullable(made.get(name)).flatMap(Engine::inlet);
    }

    /** The routes of single engines that accounts can have here. */
    List<EngineRoutes> routes() {
        return makers.containsKey(SANDBOX) ? List.of(new SandboxControls()) : List.of();
    }

    /** Closes the engines that were made; the accounts' sessions are closed before. */
    @Override
    public synchronized void close() {
        made.values().forEach(Engine::close);
        made.clear();
        resolver.close();
    }
}
