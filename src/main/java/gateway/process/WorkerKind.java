package gateway.process;

/** The kinds of background workers. The words are labels of metrics and names of checks, and never become others. */
public enum WorkerKind {
    STORE_WRITER("store-writer"),
    OUTBOX_SENDER("outbox-sender"),
    OUTBOX_HAND_OVER("outbox-hand-over"),
    OUTBOX_MARKS("outbox-marks"),
    OUTBOX_UPKEEP("outbox-upkeep"),
    LEASES("leases"),
    LEASE_GUARD("lease-guard"),
    HOLDS("holds"),
    WEBHOOK_DELIVERER("webhook-deliverer"),
    WEBHOOK_COMPLETIONS("webhook-completions"),
    WEBHOOK_CARETAKER("webhook-caretaker"),
    SANDBOX_EVENTS("sandbox-events"),
    SECURITY_LOG("security-log"),
    CONNECTION_REAPER("connection-reaper"),
    LISTENER_PROBE("listener-probe"),
    FILE_WATCH("file-watch", false),
    RELOADING("reloading", false),
    HEARTBEAT("heartbeat", false);

    private final String label;
    private final boolean serves;

    WorkerKind(String label) {
        this(label, true);
    }

    WorkerKind(String label, boolean serves) {
        this.label = label;
        this.serves = serves;
    }

    public String label() {
        return label;
    }

    /**
     * Whether clients are better served elsewhere while it is stuck. Settings in force stay so while new ones cannot be
     * read.
     */
    public boolean serves() {
        return serves;
    }
}
