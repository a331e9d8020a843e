package gateway.config.source.remote;

import java.util.Optional;

/**
 * What this machine says about how to reach a secret store, by the store's own names: {@code VAULT_ADDR},
 * {@code AWS_REGION}.
 */
@FunctionalInterface
public interface Lookup {
    /** The text, never blank; from {@code NAME_FILE}, a systemd credential, {@code .env} or the environment. */
    Optional<String> text(String name);
}
