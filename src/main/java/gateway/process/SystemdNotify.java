package gateway.process;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the service stands (sd_notify(3)): one datagram to the socket named in {@code NOTIFY_SOCKET}. The
 * JDK has no datagram sockets of the Unix family, so the three C calls are made directly. Without a service manager
 * every method does nothing.
 */
public final class SystemdNotify {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    /** {@code sockaddr_un.sun_path}, unix(7). */
    private static final int PATH_BYTES = 108;

    private final Optional<byte[]> address;
    private final Optional<Duration> watchdog;

    private SystemdNotify(Optional<byte[]> address, Optional<Duration> watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /** What the environment says of the service manager that started this process. */
    public static SystemdNotify of(Map<String, String> environment) {
        var socket = Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(path -> path.startsWith("/") || path.startsWith("@"))
                .map(path -> path.getBytes(StandardCharsets.UTF_8))
                .filter(path -> path.length < PATH_BYTES);
        var mine = Optional.ofNullable(environment.get("WATCHDOG_PID"))
                .map(pid -> pid.equals(Long.toString(ProcessHandle.current().pid())))
                .orElse(true);
        var period = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(text -> mine && text.matches("[0-9]{1,15}"))
                .map(text -> Duration.ofNanos(Long.parseLong(text) * 1_000));
        return new SystemdNotify(socket, period);
    }

    /** How often {@link #alive} must be called: half of what systemd waits for. */
    public Optional<Duration> watchdogPeriod() {
        return watchdog.map(period -> period.dividedBy(2));
    }

    /** Whether a service manager listens. */
    public boolean isThere() {
        return address.isPresent();
    }

    /**
     * The start takes longer than the unit says: the manager is to wait so long for the next word
     * (EXTEND_TIMEOUT_USEC).
     */
    public void waiting(String status, Duration longer) {
        tell("STATUS=" + status + "\nEXTEND_TIMEOUT_USEC=" + longer.toNanos() / 1_000);
    }

    public void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    public void alive() {
        tell("WATCHDOG=1");
    }

    void stopping() {
        tell("STOPPING=1\nSTATUS=Stopping");
    }

    private void tell(String state) {
        address.ifPresent(path -> {
            try (var arena = Arena.ofConfined()) {
                send(arena, path, state.getBytes(StandardCharsets.UTF_8));
            } catch (RuntimeException e) {
                LateLogger.of(SystemdNotify.class)
                        .log(Level.WARNING, "the service manager could not be told: {0}", e.getMessage());
            }
        });
    }

    private static void send(Arena arena, byte[] path, byte[] state) {
        int fd = SystemCall.of("socket")
                .call(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)
                .number();
        if (fd < 0) {
            throw new IllegalStateException("no socket");
        }
        try {
            var to = arena.allocate(2 + PATH_BYTES, 2);
            to.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, to, ValueLayout.JAVA_BYTE, 2, path.length);
            if (path[0] == '@') {
                to.set(ValueLayout.JAVA_BYTE, 2, (byte) 0); // an abstract address begins with a zero byte
            }
            var text = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
            long sent = SystemCall.of("sendto")
                    .call(fd, text.address(), state.length, 0, to.address(), 2 + path.length)
                    .value();
            if (sent != state.length) {
                throw new IllegalStateException("the notification socket did not take the message");
            }
        } finally {
            SystemCall.of("close").call(fd);
        }
    }
}
