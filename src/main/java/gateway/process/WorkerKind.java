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
    WEBHOOK_DELIVERER("webhook-deliverer"),
    WEBHOOK_COMPLETIONS("webhook-completions"),
    WEBHOOK_CARETAKER("webhook-caretaker"),
    SANDBOX_EVENTS("sandbox-events"),
    SECURITY_LOG("security-log"),
    CONNECTION_REAPER("connection-reaper"),
    LISTENER_PROBE("listener-probe"),
    FILE_WATCH("file-watch"),
    RELOADING("reloading"),
    HEARTBEAT("heartbeat");

    private final String label;

    WorkerKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
