package gateway.siege;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows that no worker can do anything with, written into the database beside a running gateway, as damage or a defect
 * would leave them.
 */
final class PoisonAttack implements Attack {
    /**
     * Each spoils one kind of row; {@code %d} is replaced by a number that makes it unique, {@code %t} by the
     * time in milliseconds, {@code %e} by the endpoint's id.
     */
    private static final List<String> POISONS = List.of(
            // Messages whose content is not JSON, is of no known kind, or has another shape than its kind.
            outbox("not json"),
            outbox("{\"type\":\"none-such\"}"),
            outbox("{}"),
            outbox("[1]"),
            outbox("{\"type\":\"text\",\"body\":7}"),
            "INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at) SELECT id, 'no address', 'POISON%d',"
                    + " '{}', 0, %t FROM device LIMIT 1",
            // Deliveries for an endpoint that is not there.
            "INSERT INTO delivery (event, endpoint, body, due_at) SELECT id, 'no-such-endpoint', 'x', 0 FROM event LIMIT 1",
            // Endpoints whose secret cannot be opened, and whose address is not one.
            "UPDATE webhook_endpoint SET secret = 'cannot be opened' WHERE id = '%e'",
            "UPDATE webhook_endpoint SET url = 'no address at all' WHERE id = '%e'",
            // Events of the pretended network that cannot be read.
            "INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, content, due_at)"
                    + " SELECT id, 'message', 'POISON%d', 'x', 'y', 'not json', 0 FROM device LIMIT 1",
            "INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, content, due_at)"
                    + " SELECT id, 'none-such', 'POISON%d', 'x', 'y', '{}', 0 FROM device LIMIT 1");

    private final WebhookAttack webhooks = new WebhookAttack("poison", PoisonAttack::poison);
    private static int count;

    private static String outbox(String content) {
        return "INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at) SELECT id,"
                + " '6281234567890@s.whatsapp.net', 'POISON%d', '" + content + "', 0, %t FROM device LIMIT 1";
    }

    private static void poison(Target target, String endpoint) throws SQLException {
        try (var connection = open(target.folder())) {
            for (var poison : POISONS) {
                try (var statement = connection.createStatement()) {
                    statement.executeUpdate(poison.replace("%d", "" + count++)
                            .replace("%t", "" + System.currentTimeMillis())
                            .replace("%e", endpoint));
                }
            }
        }
    }

    private static Connection open(Path folder) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("storages/whatsapp.db"));
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
        }
        return connection;
    }

    @Override
    public String name() {
        return "poison_rows";
    }

    @Override
    public Map<String, String> settings() {
        return webhooks.settings();
    }

    @Override
    public void prepare(Target target) throws Exception {
        webhooks.prepare(target);
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        webhooks.run(target, deadline);
    }

    /** Besides the events: no poisoned message waits for ever in front of others. */
    @Override
    public String finding(Target target) throws Exception {
        var findings = new ArrayList<String>();
        var events = webhooks.finding(target);
        if (!events.isEmpty()) {
            findings.add(events);
        }
        int waiting = waiting(target);
        if (waiting > 0) {
            findings.add(waiting + " messages still wait in the outbox");
        }
        return String.join("; ", findings);
    }

    /** How many messages still wait in the outbox after the patience; returns early when none does. */
    private static int waiting(Target target) throws SQLException, InterruptedException {
        long until = System.nanoTime() + WebhookAttack.PATIENCE_SECONDS * 1_000_000_000L;
        try (var connection = open(target.folder());
                var statement = connection.createStatement()) {
            while (true) {
                int waiting;
                try (var rows = statement.executeQuery("SELECT count(*) FROM outbox WHERE state = 0")) {
                    rows.next();
                    waiting = rows.getInt(1);
                }
                if (waiting == 0 || System.nanoTime() > until) {
                    return waiting;
                }
                Thread.sleep(100);
            }
        }
    }
}
