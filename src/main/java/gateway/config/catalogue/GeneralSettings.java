package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.SWITCH;
import static gateway.config.catalogue.Setting.define;

import java.util.ArrayList;
import java.util.List;

import gateway.config.Settings.LogLevel;
import gateway.config.Settings.Profile;

/** The kind of installation, and how much is logged. */
public final class GeneralSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<Profile> APP_PROFILE = define("APP_PROFILE", Parsers.oneOf(Profile.class))
            .label("PROFILE")
            .fallback("development")
            .synonym("NODE_ENV", "production"::equals)
            .help("development; production, where weak secrets are errors; or rehearsal: production with a twin")
            .in(ALL);
    public static final Setting<LogLevel> LOG_LEVEL = define("LOG_LEVEL", Parsers.oneOf(LogLevel.class))
            .label("LEVEL")
            .fallback("info")
            .help("error, warn, info or debug")
            .in(ALL);
    public static final Setting<Boolean> APP_DEBUG = define("APP_DEBUG", Parsers::flag)
            .flags("-d", "--debug")
            .adminFlags("-d", "--debug")
            .nature(SWITCH)
            .label("BOOL")
            .fallback("false")
            .help("log as LOG_LEVEL=debug does")
            .in(ALL);

    private GeneralSettings() {}
}
