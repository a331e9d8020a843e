package gateway.command;

import gateway.auth.CredentialBook;

/** The accounts, for as long as a command works on them; closing it closes the database and the security log. */
public record OpenCredentials(CredentialBook book, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
        closing.run();
    }
}
