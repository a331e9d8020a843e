package gateway.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import gateway.config.SecretGenerator;
import gateway.process.ExplainedFault;

/**
 * Makes, changes and removes instances. One request at a time works on an instance; another that comes meanwhile is
 * refused at once. What fails leaves everything as it was.
 */
public final class Instances implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Instances.class.getName());
    private static final String USER = "admin:";

    private final InstanceFiles files;
    private final InstanceSecrets handOver;
    private final Supervisor supervisor;
    private final PortRules ports;
    private final InstanceSettings rules;
    private final AdminMetrics metrics;
    private final InstanceTurns turns;

    public Instances(
            InstanceFiles files,
            InstanceSecrets handOver,
            Supervisor supervisor,
            PortRules ports,
            InstanceSettings rules,
            AdminMetrics metrics) {
        this.files = files;
        this.handOver = handOver;
        this.supervisor = supervisor;
        this.ports = ports;
        this.rules = rules;
        this.metrics = metrics;
        this.turns = new InstanceTurns(metrics);
        metrics.instances(this::states);
    }

    /** Takes over the instances that run, and starts those that ought to. */
    public void resume() {
        try {
            files.sweep();
            rewrap();
            for (int port : files.ports()) {
                resume(port);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Supervisor.Unreachable e) {
            metrics.supervisorError();
            LOG.log(Level.ERROR, "The instances were not started: {0}", e.getMessage());
        }
    }

    /** After a change of the key. The old one stays needed as long as this fails. */
    private void rewrap() throws IOException {
        try {
            files.rewrap();
        } catch (ExplainedFault e) {
            LOG.log(
                    Level.ERROR,
                    "The secrets of the instances are not all under the encryption key in use: {0}",
                    e.getMessage());
        }
    }

    private void resume(int port) {
        try {
            handOver.put(port, files.settings(port));
            seal(port);
            supervisor.resume(port);
        } catch (IOException | ExplainedFault e) {
            LOG.log(Level.ERROR, "Instance {0,number,#} was not started: {1}", port, e.getMessage());
        }
    }

    private void seal(int port) throws IOException {
        if (files.inClear(port)) {
            // It has read its secrets from that file and would miss them there: it goes on with those that were handed
            // over.
            supervisor.resume(port);
            supervisor.stop(port);
            var settings = files.settings(port);
            files.prepare(port, settings);
            files.adopt(port, settings);
        }
    }

    /** An instance that was made, or had been made by the same request before. */
    record Made(Instance instance, boolean now) {}

    /**
     * Makes an instance and starts it.
     *
     * @param idempotency stands for the request; one that made the instance already is answered as then, without
     *     secrets
     */
    Made create(InstanceRequest request, Optional<String> idempotency) {
        int port = request.port().orElseThrow();
        return turns.alone(port, "create", "creation", () -> {
            if (files.exists(port)) {
                if (idempotency.isPresent() && files.madeBy(port, idempotency.get())) {
                    return new Made(look(port, Map.of()), false);
                }
                throw AdminErrors.exists(port);
            }
            var generated = generated(request);
            var settings = new TreeMap<>(rules.fixed(port));
            settings.putAll(supervisor.settings(port));
            generated.forEach((field, text) -> settings.put(field.setting(), text));
            request.applyTo(settings);
            rules.check(settings);
            reachable();
            // Two ports may differ and still collide, by those of their metrics: one after the other.
            synchronized (ports) {
                ports.check(port, files.ports(), supervisor);
                files.create(port, settings, idempotency);
            }
            try {
                handOver.put(port, settings);
                supervisor.start(port);
            } catch (Supervisor.StartFailed | IOException | RuntimeException e) {
                files.forget(port);
                handOver.remove(port);
                throw e;
            }
            return new Made(look(port, generated), true);
        });
    }

    List<Instance> list() {
        reachable();
        try {
            var all = files.ports();
            var states = supervisor.status(all);
            return all.stream()
                    .map(port -> instance(port, states.getOrDefault(port, Status.UNKNOWN), Map.of()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw AdminErrors.failed("list", "The instances' directory cannot be read.");
        }
    }

    Instance find(int port) {
        known(port);
        reachable();
        return look(port, Map.of());
    }

    /** Changes what the request names and nothing else; the instance is stopped and started for it. */
    Instance change(int port, InstanceRequest request) {
        known(port);
        return turns.alone(port, "update", "update", () -> {
            known(port);
            var before = files.settings(port);
            var after = new TreeMap<>(before);
            request.applyTo(after);
            rules.check(after);
            reachable();
            files.prepare(port, after);
            supervisor.stop(port);
            files.adopt(port, after);
            try {
                handOver.put(port, after);
                supervisor.start(port);
            } catch (Supervisor.StartFailed | Supervisor.Unreachable | IOException e) {
                restore(port, before);
                throw e;
            }
            return look(port, Map.of());
        });
    }

    /** Stops and removes an instance; one that is not there is removed already. */
    void delete(int port) {
        turns.alone(port, "delete", "deletion", () -> {
            reachable();
            if (files.exists(port)) {
                supervisor.stop(port);
                files.remove(port);
                handOver.remove(port);
            }
            return port;
        });
    }

    /** The ports of all instances, whether they run or not. */
    List<Integer> ports() throws IOException {
        return files.ports();
    }

    boolean healthy() {
        return supervisor.reachable();
    }

    private Collection<String> states() {
        try {
            return supervisor.status(files.ports()).values().stream()
                    .map(status -> status.state().name())
                    .toList();
        } catch (IOException | Supervisor.Unreachable e) {
            return List.of();
        }
    }

    private void restore(int port, SortedMap<String, String> before) throws IOException {
        files.prepare(port, before);
        files.adopt(port, before);
        handOver.put(port, before);
        supervisor.resume(port);
    }

    private static Map<Field, String> generated(InstanceRequest request) {
        var made = new EnumMap<Field, String>(Field.class);
        if (!request.changes().containsKey(Field.BASIC_AUTH)) {
            made.put(Field.BASIC_AUTH, USER + SecretGenerator.generate().reveal());
        }
        if (!request.changes().containsKey(Field.WEBHOOK_SECRET)) {
            made.put(Field.WEBHOOK_SECRET, SecretGenerator.generate().reveal());
        }
        return made;
    }

    private void known(int port) {
        if (!files.exists(port)) {
            throw AdminErrors.notFound(port);
        }
    }

    private void reachable() {
        if (!supervisor.reachable()) {
            metrics.supervisorError();
            throw AdminErrors.unreachable();
        }
    }

    private Instance look(int port, Map<Field, String> generated) {
        return instance(port, supervisor.status(List.of(port)).getOrDefault(port, Status.UNKNOWN), generated);
    }

    private Instance instance(int port, Status status, Map<Field, String> generated) {
        try {
            var config = new EnumMap<Field, String>(Field.class);
            files.shown(port)
                    .forEach((setting, text) -> Field.of(setting)
                            .filter(field -> field.kind() != Field.Kind.SECRET)
                            .ifPresent(field -> config.put(field, text)));
            return new Instance(port, status, supervisor.logs(port), config, generated);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the supervising; the instances go on. */
    @Override
    public void close() {
        supervisor.close();
        handOver.close();
    }
}
