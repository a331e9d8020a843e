package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.LIST;
import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.Nature.SWITCH;
import static gateway.config.catalogue.Setting.define;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import gateway.config.Cidr;
import gateway.config.ProxyAddress;
import gateway.config.Settings.EngineKind;

/** The engine, the linked device and what it does by itself. */
public final class WhatsAppSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<EngineKind> WHATSAPP_ENGINE = define("WHATSAPP_ENGINE", Parsers.oneOf(EngineKind.class))
            .flags("--engine")
            .label("ENGINE")
            .fallback("sandbox")
            .help(
                    "of accounts that are given none; sandbox: a simulated WhatsApp, nothing leaves this machine; web: a linked device")
            .in(ALL);
    public static final Setting<URI> WHATSAPP_WEB_URL = define("WHATSAPP_WEB_URL", TwinAddress::parse)
            .label("URL")
            .help("a twin of WhatsApp's servers on this machine, ws://127.0.0.1:9399/ws/chat; never in production")
            .in(ALL);
    public static final Setting<String> WHATSAPP_WEB_ROOT_KEY = define("WHATSAPP_WEB_ROOT_KEY", Parsers::rootKey)
            .label("HEX")
            .help("the twin's root key, 64 hexadecimal digits")
            .in(ALL);
    public static final Setting<String> WHATSAPP_WEB_VERSION = define("WHATSAPP_WEB_VERSION", Parsers::webVersion)
            .label("VERSION")
            .help("of WhatsApp's web client that linked devices claim, 2.3000.1045649367; default: the newest is found")
            .in(ALL);
    public static final Setting<ProxyAddress> WHATSAPP_PROXY = define("WHATSAPP_PROXY", ProxyAddress::parse)
            .nature(SECRET)
            .label("URL")
            .show(ProxyAddress::mask)
            .help("HTTP proxy for the web engine, http://USER:PASSWORD@HOST:3128; an account may have its own")
            .in(ALL);
    public static final Setting<List<Cidr>> WHATSAPP_PROXY_ALLOW_CIDRS = define(
                    "WHATSAPP_PROXY_ALLOW_CIDRS", Parsers.list(Parsers::cidr))
            .nature(LIST)
            .label("RANGES")
            .help("private address ranges that the proxy of an account's own may have")
            .in(ALL);
    public static final Setting<String> APP_OS = define("APP_OS", Parsers.text(64))
            .flags("--os")
            .label("NAME")
            .fallback("Chrome")
            .help("name of the linked device on the phone")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_ACCOUNT_VALIDATION = define(
                    "WHATSAPP_ACCOUNT_VALIDATION", Parsers::flag)
            .flags("--account-validation")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("true")
            .help("look a number up on WhatsApp before using it")
            .in(ALL);
    public static final Setting<String> WHATSAPP_AUTO_REPLY = define("WHATSAPP_AUTO_REPLY", Parsers.text(4096))
            .flags("--autoreply")
            .label("TEXT")
            .help("answer to every incoming personal message")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_MARK_READ = define("WHATSAPP_AUTO_MARK_READ", Parsers::flag)
            .flags("--auto-mark-read")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("false")
            .help("mark incoming messages as read")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_DOWNLOAD_MEDIA = define(
                    "WHATSAPP_AUTO_DOWNLOAD_MEDIA", Parsers::flag)
            .flags("--auto-download-media")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("true")
            .help("fetch the files of incoming messages")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_AUTO_REJECT_CALL = define("WHATSAPP_AUTO_REJECT_CALL", Parsers::flag)
            .flags("--auto-reject-call")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("false")
            .help("reject incoming calls")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_CHAT_STORAGE = define("WHATSAPP_CHAT_STORAGE", Parsers::flag)
            .flags("--chat-storage")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("true")
            .help("false keeps no text of a message once it was handed over: ids, times and files stay")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_STRICT_VALIDATION = define(
                    "WHATSAPP_STRICT_VALIDATION", Parsers::flag)
            .label("BOOL")
            .fallback("true")
            .help("false tolerates in requests what the original tolerates")
            .in(ALL);

    public static final Setting<Boolean> WHATSAPP_DOWNLOAD_ALLOW_HTTP = define(
                    "WHATSAPP_DOWNLOAD_ALLOW_HTTP", Parsers::flag)
            .label("BOOL")
            .fallback("false")
            .help("let image_url and the like name http:// addresses")
            .in(ALL);
    public static final Setting<List<Cidr>> WHATSAPP_DOWNLOAD_ALLOW_CIDRS = define(
                    "WHATSAPP_DOWNLOAD_ALLOW_CIDRS", Parsers.list(Parsers::cidr))
            .nature(LIST)
            .label("RANGES")
            .help("private address ranges that image_url and the like may name")
            .in(ALL);

    private WhatsAppSettings() {}
}
