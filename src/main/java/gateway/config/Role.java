package gateway.config;

/** Which server the settings are for: it decides what must be set, and what a command's flags mean. */
public enum Role {
    /** {@code whatsapp rest}. */
    REST,
    /** {@code whatsapp admin}. */
    ADMIN
}
