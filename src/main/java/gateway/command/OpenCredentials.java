package gateway.command;

import java.util.List;

import gateway.auth.CredentialBook;

/**
 * The accounts, for as long as a command works on them; closing it closes the database and the security log.
 *
 * @param configured what the settings of this command name beside the database
 */
public record OpenCredentials(CredentialBook book, Configured configured, Runnable closing) implements AutoCloseable {
    /**
     * The credentials of the settings, without their secrets.
     *
     * @param users the names in {@code APP_BASIC_AUTH}
     * @param apiToken whether there is {@code WHATSAPP_SECRET}
     */
    public record Configured(List<String> users, boolean apiToken) {
        /** Settings without credentials. */
        public static final Configured NOTHING = new Configured(List.of(), false);
    }

    @Override
    public void close() {
        closing.run();
    }
}
