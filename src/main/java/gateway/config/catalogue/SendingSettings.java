package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.define;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pace of sending, and the sizes of what is sent. */
public final class SendingSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    public static final Setting<Duration> WHATSAPP_SEND_WAIT = define("WHATSAPP_SEND_WAIT", Parsers.duration(MINUTE))
            .label("DURATION")
            .fallback("10s")
            .help("how long a reply to a send waits for WhatsApp")
            .in(ALL);
    public static final Setting<Duration> WHATSAPP_PACING_CHAT_DELAY = define(
                    "WHATSAPP_PACING_CHAT_DELAY", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION")
            .fallback("0s")
            .help("least time between two messages to one chat")
            .in(ALL);
    public static final Setting<Duration> WHATSAPP_PACING_CHAT_JITTER = define(
                    "WHATSAPP_PACING_CHAT_JITTER", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION")
            .fallback("0s")
            .help("random time of up to this much added to that")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_PACING_DAILY_CAP = define(
                    "WHATSAPP_PACING_DAILY_CAP", Parsers.count(0, 1_000_000))
            .label("COUNT")
            .fallback("0")
            .help("messages a day in all; 0 sets no limit")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_PACING_NEW_CHATS_HOUR = define(
                    "WHATSAPP_PACING_NEW_CHATS_HOUR", Parsers.count(0, 1_000_000))
            .label("COUNT")
            .fallback("100")
            .help("chats that an account of the web engine begins in an hour; 0 sets no limit")
            .in(ALL);
    public static final Setting<Integer> WHATSAPP_PACING_NEW_CHATS_DAY = define(
                    "WHATSAPP_PACING_NEW_CHATS_DAY", Parsers.count(0, 1_000_000))
            .label("COUNT")
            .fallback("500")
            .help("chats that an account of the web engine begins in 24 hours; 0 sets no limit")
            .in(ALL);
    public static final Setting<Duration> WHATSAPP_PACING_RESTRICTED_PAUSE = define(
                    "WHATSAPP_PACING_RESTRICTED_PAUSE", Parsers.duration(Duration.ofDays(7)))
            .label("DURATION")
            .fallback("1h")
            .help("how long no chat is begun after WhatsApp restricted or banned the account; 0s for no pause")
            .in(ALL);

    public static final Setting<Long> WHATSAPP_SETTING_MAX_IMAGE_SIZE = size("IMAGE", "20000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_FILE_SIZE = size("FILE", "50000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_VIDEO_SIZE = size("VIDEO", "100000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_AUDIO_SIZE = size("AUDIO", "16000000");
    public static final Setting<Long> WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE = size("DOWNLOAD", "500000000");

    private SendingSettings() {}

    private static Setting<Long> size(String kind, String bytes) {
        return define("WHATSAPP_SETTING_MAX_" + kind + "_SIZE", Parsers::size)
                .label("BYTES")
                .fallback(bytes)
                .help("largest " + kind.toLowerCase(java.util.Locale.ROOT) + "; bytes, or with KB, MB, GB")
                .in(ALL);
    }
}
