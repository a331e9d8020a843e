package gateway.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

import gateway.api.RawMessageRoute;
import gateway.api.RawMessageRoute.Message;
import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Gate;
import gateway.http.GatePolicy;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import gateway.http.hardened.HardenedServer;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Raw group-committed inserts behind the gateway's own handler: its listener, its entrance, its reading of
 * {@code POST /send/message} and its reply, and in between nothing but a prepared JDBC statement into the table a
 * message goes into. What the outbox adds to that is what the durable POST takes longer.
 */
public final class RawMessageServer {
    /** As the gateway's own writer, of which {@code SqliteFile} tells the reasons. */
    private static final String SETTINGS =
            "?journal_mode=WAL&synchronous=FULL&foreign_keys=on&transaction_mode=IMMEDIATE"
                    + "&journal_size_limit=80000000&wal_autocheckpoint=16000&jdbc.get_generated_keys=false";

    private static final String DEVICE = "default";

    private RawMessageServer() {}

    /** Listens on 127.0.0.1. Arguments: the port; the credential {@code user:password} that the entrance asks for. */
    public static void main(String[] args) throws SQLException {
        var file = Path.of("raw.db").toAbsolutePath();
        try (var store = Store.open(new Database.Sqlite(file))) {
            store.write(tx -> tx.insert(
                    "INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", DEVICE, 0L));
        }
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file + SETTINGS);
        var writer = new GroupCommit<>(connection, inserts(connection));
        var credential = args[1].split(":", 2);
        var authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.plainUser(credential[0], credential[1])), List.of());
        var unlimited = new Rate(0, 0);
        var gate = new Gate(
                GatePolicy.REST,
                authenticator,
                ClientAddress.direct(),
                new Throttle("", unlimited, unlimited),
                ScopeRules.api(""),
                Cors.none(),
                SecurityLog.none(),
                AuthMetrics.NONE);
        HardenedServer.builder("raw")
                .port(Integer.parseInt(args[0]))
                .filter(Cors.none())
                .routes(routes -> routes.get("/readyz", (request, response) -> response.send("ok"))
                        .any(gate)
                        .post("/send/message", new RawMessageRoute(writer::put)))
                .start();
    }

    /** The row that {@code Outbox} writes for a message. */
    private static GroupCommit.Insert<Message> inserts(Connection connection) throws SQLException {
        var outbox = connection.prepareStatement("""
                INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at)
                VALUES ('default', ?, ?, '62811000000@s.whatsapp.net', 'text', ?, ?, ?)""");
        return row -> run(outbox, row.chat(), row.id(), row.content(), row.at(), row.at());
    }

    private static void run(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.executeUpdate();
    }
}
