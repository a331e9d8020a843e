package gateway.admin;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Runs instances as {@code whatsapp@PORT.service}: each in a control group and a sandbox of its own, under another user
 * than the Admin API's. polkit lets that user start, stop and restart exactly these units. Their settings are taken
 * over from the instance's directory by {@code whatsapp-instance@PORT.service}, which every start pulls in.
 */
public final class SystemdSupervisor implements Supervisor {
    /** What the unit's SocketBindAllow= lets an instance listen on. */
    private static final int MAX_PORT = 9_999;

    private static final String PROPERTIES = "--property=Id,ActiveState,MainPID,ExecMainStartTimestamp";

    private final Systemctl systemctl;
    private final InstantSource clock;
    private final String profile;

    /** @param profile of the Admin API itself: a rehearsal has no instance that is real */
    public SystemdSupervisor(InstantSource clock, String profile) {
        this(new Systemctl(Path.of("/usr/bin/systemctl")), clock, profile);
    }

    SystemdSupervisor(Systemctl systemctl, InstantSource clock, String profile) {
        this.systemctl = systemctl;
        this.clock = clock;
        this.profile = profile;
    }

    private static String unit(int port) {
        return "whatsapp@" + port + ".service";
    }

    @Override
    public boolean reachable() {
        try {
            return systemctl.run(List.of("show", "--property=Version")).succeeded();
        } catch (Unreachable e) {
            return false;
        }
    }

    @Override
    public boolean allows(int port) {
        return port <= MAX_PORT;
    }

    /**
     * The proxy is the unit's own, named for the check of the settings. By its id, {@code whatsapp-instance} knows an
     * instance from an earlier one on the same port, whose data must not become its own.
     */
    @Override
    public Map<String, String> settings(int port) {
        return Map.of(
                "APP_PROFILE",
                profile,
                "APP_TRUSTED_PROXY",
                "true",
                "INSTANCE_ID",
                UUID.randomUUID().toString());
    }

    @Override
    public void start(int port) throws StartFailed {
        forgive(port);
        var answer = systemctl.run(List.of("start", unit(port)));
        if (answer.succeeded()) {
            return;
        }
        refuseUnreachable(answer);
        systemctl.run(List.of("stop", unit(port)));
        forgive(port);
        throw new StartFailed("The instance did not start; see " + logs(port).stderr() + ".");
    }

    @Override
    public void resume(int port) {
        forgive(port);
        refuseUnreachable(systemctl.run(List.of("--no-block", "start", unit(port))));
    }

    /** Failed starts count against the unit's limit until they are forgiven; a unit without any needs none. */
    private void forgive(int port) {
        systemctl.run(List.of("reset-failed", unit(port)));
    }

    @Override
    public void stop(int port) {
        var answer = systemctl.run(List.of("stop", unit(port)));
        refuseUnreachable(answer);
        if (!answer.succeeded()) {
            throw new Unreachable("The instance did not stop: " + answer.error());
        }
        forgive(port);
    }

    /** No bus, or no permission on it: the fault is not the instance's. */
    private static void refuseUnreachable(Systemctl.Answer answer) {
        if (!answer.succeeded()
                && (answer.error().contains("connect to")
                        || answer.error().contains("ccess denied")
                        || answer.error().contains("authentication required")
                        || answer.error().contains("not been booted"))) {
            throw new Unreachable(answer.error());
        }
    }

    @Override
    public Map<Integer, Status> status(Collection<Integer> ports) {
        if (ports.isEmpty()) {
            return Map.of();
        }
        var question = new ArrayList<>(List.of("show", "--timestamp=unix", PROPERTIES));
        ports.forEach(port -> question.add(unit(port)));
        var answer = systemctl.run(question);
        if (!answer.succeeded()) {
            throw new Unreachable(answer.error());
        }
        var all = new HashMap<Integer, Status>();
        for (var block : answer.output().split("\n\n")) {
            var values = new HashMap<String, String>();
            block.lines()
                    .filter(line -> line.contains("="))
                    .forEach(line ->
                            values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
            var id = values.getOrDefault("Id", "");
            ports.stream().filter(port -> unit(port).equals(id)).forEach(port -> all.put(port, status(values)));
        }
        return all;
    }

    private Status status(Map<String, String> values) {
        var state = switch (values.getOrDefault("ActiveState", "")) {
            case "active", "reloading" -> Status.State.RUNNING;
            case "activating" -> Status.State.STARTING;
            case "inactive", "deactivating" -> Status.State.STOPPED;
            case "failed" -> Status.State.FATAL;
            default -> Status.State.UNKNOWN;
        };
        long pid = number(values.getOrDefault("MainPID", "0"));
        long since = number(values.getOrDefault("ExecMainStartTimestamp", "").replaceFirst("^@", ""));
        if (pid == 0) {
            return new Status(state, OptionalLong.empty(), Duration.ZERO);
        }
        var uptime = since == 0 ? Duration.ZERO : Duration.between(Instant.ofEpochSecond(since), clock.instant());
        return new Status(state, OptionalLong.of(pid), uptime.isNegative() ? Duration.ZERO : uptime);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    @Override
    public Logs logs(int port) {
        var command = "journalctl -u " + unit(port);
        return new Logs(command, command);
    }

    @Override
    public void close() {
        // The units are systemd's.
    }
}
