package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.define;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import gateway.config.Secret;
import gateway.config.SupervisorKind;

/** The Admin API: its token, addresses and supervisor. */
public final class AdminSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<Secret> ADMIN_TOKEN = define("ADMIN_TOKEN", Parsers::token)
            .nature(SECRET)
            .show(text -> Secret.MASK)
            .help("Bearer token of the Admin API, 32 characters or more")
            .in(ALL);
    public static final Setting<InetAddress> ADMIN_HOST = define("ADMIN_HOST", Parsers::address)
            .adminFlags("-H", "--host")
            .label("ADDRESS")
            .fallback("127.0.0.1")
            .help("address the Admin API listens on")
            .in(ALL);
    public static final Setting<Integer> ADMIN_PORT = define("ADMIN_PORT", Parsers::port)
            .adminFlags("-p", "--port")
            .label("PORT")
            .fallback("8088")
            .help("port of the Admin API")
            .in(ALL);
    public static final Setting<Integer> ADMIN_METRICS_PORT = define("ADMIN_METRICS_PORT", Parsers::port)
            .label("PORT")
            .fallback(
                    "ADMIN_PORT + 10000",
                    earlier -> earlier.find(ADMIN_PORT).map(port -> port == 0 ? "0" : Integer.toString(port + 10_000)))
            .help("port of the Admin API's Prometheus metrics, at APP_METRICS_HOST")
            .in(ALL);
    public static final Setting<SupervisorKind> ADMIN_SUPERVISOR = define(
                    "ADMIN_SUPERVISOR", Parsers.oneOf(SupervisorKind.class))
            .adminFlags("--supervisor")
            .label("WHO")
            .fallback("process")
            .help("who runs the instances: process (this program) or systemd (whatsapp@PORT.service)")
            .in(ALL);

    private AdminSettings() {}
}
