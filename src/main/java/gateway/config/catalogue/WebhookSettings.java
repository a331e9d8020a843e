package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.LIST;
import static gateway.config.catalogue.Setting.Nature.SECRET;
import static gateway.config.catalogue.Setting.Nature.SWITCH;
import static gateway.config.catalogue.Setting.define;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import gateway.config.Cidr;
import gateway.config.Secret;
import gateway.config.Settings.Dialect;

/** Where events are posted, which, how signed and in which shape. */
public final class WebhookSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<List<URI>> WHATSAPP_WEBHOOK = define(
                    "WHATSAPP_WEBHOOK", Parsers.list(WebhookParsers::url))
            .flags("-w", "--webhook")
            .nature(LIST)
            .label("URL")
            .show(WebhookParsers::maskUrls)
            .help("where events are posted")
            .in(ALL);
    public static final Setting<List<URI>> WHATSAPP_WEBHOOK_PROBES = define(
                    "WHATSAPP_WEBHOOK_PROBES", Parsers.list(WebhookParsers::probe))
            .nature(LIST)
            .label("URL")
            .show(WebhookParsers::maskUrls)
            .help("URLs of WHATSAPP_WEBHOOK on this machine to which whatsapp check may post events of its own")
            .in(ALL);
    public static final Setting<Secret> WHATSAPP_WEBHOOK_SECRET = define(
                    "WHATSAPP_WEBHOOK_SECRET", WebhookParsers::secret)
            .flags("--webhook-secret")
            .nature(SECRET)
            .label("SECRET")
            .show(text -> Secret.MASK)
            .storedAs("webhook-secret")
            .help("key of X-Hub-Signature-256, 32 characters or more")
            .in(ALL);
    public static final Setting<Set<String>> WHATSAPP_WEBHOOK_EVENTS = define(
                    "WHATSAPP_WEBHOOK_EVENTS", WebhookParsers::events)
            .flags("--webhook-events")
            .nature(LIST)
            .label("EVENTS")
            .help("events to post; all when absent")
            .in(ALL);
    public static final Setting<List<String>> WHATSAPP_WEBHOOK_IGNORE_JIDS = define(
                    "WHATSAPP_WEBHOOK_IGNORE_JIDS", Parsers.list(WebhookParsers::jid))
            .flags("--webhook-ignore-jids")
            .nature(LIST)
            .label("JIDS")
            .help("chats whose events are not posted; @g.us is every group")
            .in(ALL);
    public static final Setting<Dialect> WHATSAPP_WEBHOOK_DIALECT = define(
                    "WHATSAPP_WEBHOOK_DIALECT", Parsers.oneOf(Dialect.class))
            .label("DIALECT")
            .fallback("v7")
            .help("v7 or v8: the shape of the posted JSON")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_WEBHOOK_ALLOW_HTTP = define(
                    "WHATSAPP_WEBHOOK_ALLOW_HTTP", Parsers::flag)
            .label("BOOL")
            .fallback("false")
            .help("let webhooks go to http:// URLs")
            .in(ALL);
    public static final Setting<List<Cidr>> WHATSAPP_WEBHOOK_ALLOW_CIDRS = define(
                    "WHATSAPP_WEBHOOK_ALLOW_CIDRS", Parsers.list(Parsers::cidr))
            .nature(LIST)
            .label("RANGES")
            .help("private address ranges that webhooks may reach")
            .in(ALL);
    public static final Setting<Boolean> WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY = define(
                    "WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY", WebhookParsers::neverSkipVerify)
            .flags("--webhook-insecure-skip-verify")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("false")
            .help("refused: receivers' certificates are always verified")
            .in(ALL);

    private WebhookSettings() {}
}
