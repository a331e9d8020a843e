package gateway.admin;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import gateway.config.ShownUrl;

/** What a request may say about an instance, and the setting of the gateway that it becomes. */
enum Field {
    BASIC_AUTH("APP_BASIC_AUTH", Kind.SECRET),
    DEBUG("APP_DEBUG", Kind.FLAG),
    OS("APP_OS", Kind.TEXT),
    ACCOUNT_VALIDATION("WHATSAPP_ACCOUNT_VALIDATION", Kind.FLAG),
    BASE_PATH("APP_BASE_PATH", Kind.TEXT),
    AUTO_REPLY("WHATSAPP_AUTO_REPLY", Kind.TEXT),
    AUTO_MARK_READ("WHATSAPP_AUTO_MARK_READ", Kind.FLAG),
    WEBHOOK("WHATSAPP_WEBHOOK", Kind.TEXT),
    WEBHOOK_SECRET("WHATSAPP_WEBHOOK_SECRET", Kind.SECRET),
    CHAT_STORAGE("WHATSAPP_CHAT_STORAGE", Kind.FLAG);

    enum Kind {
        FLAG,
        /** Empty removes it. */
        TEXT,
        /** Never empty, never shown. */
        SECRET
    }

    private final String setting;
    private final Kind kind;

    Field(String setting, Kind kind) {
        this.setting = setting;
        this.kind = kind;
    }

    /** As it stands in requests. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    String setting() {
        return setting;
    }

    Kind kind() {
        return kind;
    }

    /** As a reply shows the value. */
    String shown(String value) {
        return this == WEBHOOK ? ShownUrl.list(value) : value;
    }

    static Optional<Field> named(String text) {
        return Arrays.stream(values())
                .filter(field -> field.text().equals(text))
                .findFirst();
    }

    /** The settings that are kept sealed. */
    static Set<String> secrets() {
        return Arrays.stream(values())
                .filter(field -> field.kind == Kind.SECRET)
                .map(Field::setting)
                .collect(Collectors.toUnmodifiableSet());
    }

    static Optional<Field> of(String setting) {
        return Arrays.stream(values())
                .filter(field -> field.setting.equals(setting))
                .findFirst();
    }
}
