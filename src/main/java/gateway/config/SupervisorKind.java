package gateway.config;

/** Who runs the instances of the Admin API: it itself, as processes beside it, or the system's service manager. */
public enum SupervisorKind {
    PROCESS,
    SYSTEMD
}
