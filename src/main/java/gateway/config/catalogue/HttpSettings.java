package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.LIST;
import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.Nature.SECRET_LIST;
import static gateway.config.catalogue.Setting.Nature.SWITCH;
import static gateway.config.catalogue.Setting.define;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import gateway.config.BasicUser;
import gateway.config.Cidr;
import gateway.config.Secret;
import gateway.config.Settings.Rate;

/** The REST API and the metrics: addresses, credentials, rates and origins. */
public final class HttpSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<Integer> APP_PORT = define("APP_PORT", Parsers::port)
            .flags("-p", "--port")
            .label("PORT")
            .fallback("3000")
            .help("port of the REST API; 0 takes any free one")
            .in(ALL);
    public static final Setting<InetAddress> APP_HOST = define("APP_HOST", Parsers::address)
            .flags("-H", "--host")
            .label("ADDRESS")
            .fallback("127.0.0.1")
            .synonym("WHATSAPP_API_HOST", text -> true)
            .help("address the REST API listens on")
            .in(ALL);
    public static final Setting<String> APP_BASE_PATH = define("APP_BASE_PATH", HttpParsers::basePath)
            .flags("--base-path")
            .label("PATH")
            .help("path before every route, such as /gateway")
            .in(ALL);
    public static final Setting<URI> APP_PUBLIC_URL = define("APP_PUBLIC_URL", HttpParsers::publicUrl)
            .flags("--public-url")
            .label("URL")
            .help("address clients reach the gateway at, for links in replies, such as https://wa.example.org")
            .in(ALL);
    public static final Setting<List<BasicUser>> APP_BASIC_AUTH = define("APP_BASIC_AUTH", BasicAuthParser::parse)
            .flags("-b", "--basic-auth")
            .nature(SECRET_LIST)
            .label("USER:PASS")
            .show(BasicAuthParser::mask)
            .storedAs("basic-auth")
            .help("who may call the API; a password or its $argon2id$ hash")
            .in(ALL);
    public static final Setting<Secret> WHATSAPP_SECRET = define("WHATSAPP_SECRET", Parsers::token)
            .nature(SECRET)
            .show(text -> Secret.MASK)
            .storedAs("api-token")
            .help("API token for Bearer access, 32 characters or more")
            .in(ALL);
    public static final Setting<List<Cidr>> APP_TRUSTED_PROXY = define("APP_TRUSTED_PROXY", HttpParsers::trustedProxies)
            .flags("--trusted-proxy")
            .adminFlags("--trusted-proxy")
            .nature(SWITCH)
            .label("PROXIES")
            .fallback("false")
            .help("whose X-Forwarded-For counts: false, true (this machine) or address ranges")
            .in(ALL);
    public static final Setting<List<String>> APP_CORS_ALLOWED_ORIGINS = define(
                    "APP_CORS_ALLOWED_ORIGINS", Parsers.list(HttpParsers::origin))
            .flags("--cors-allowed-origins")
            .nature(LIST)
            .label("ORIGINS")
            .help("web origins that browsers let call the API")
            .in(ALL);
    public static final Setting<Rate> APP_RATE_LIMIT = define("APP_RATE_LIMIT", HttpParsers::rate)
            .label("RATE/BURST")
            .fallback("10/20")
            .help("requests a second and burst, for each address and each credential; or off."
                    + " A burst that is not given is twice the rate, 20 at least")
            .in(ALL);
    public static final Setting<Rate> APP_SEND_RATE_LIMIT = define("APP_SEND_RATE_LIMIT", HttpParsers::sendRate)
            .label("RATE/BURST")
            .fallback(
                    "5/10, off when APP_RATE_LIMIT is",
                    earlier -> earlier.find(APP_RATE_LIMIT).map(rate -> rate.isOff() ? "off" : "5/10"))
            .help("the same for what is under /send/, on top; or off")
            .in(ALL);
    public static final Setting<InetAddress> APP_METRICS_HOST = define("APP_METRICS_HOST", Parsers::address)
            .label("ADDRESS")
            .fallback("127.0.0.1")
            .help("address of the Prometheus metrics")
            .in(ALL);
    public static final Setting<Integer> APP_METRICS_PORT = define("APP_METRICS_PORT", Parsers::port)
            .label("PORT")
            .fallback(
                    "APP_PORT + 10000",
                    earlier -> earlier.find(APP_PORT).map(port -> port == 0 ? "0" : Integer.toString(port + 10_000)))
            .help("port of the Prometheus metrics")
            .in(ALL);

    private HttpSettings() {}
}
