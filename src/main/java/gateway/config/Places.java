package gateway.config;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * The sources, in the order in which they are asked. For secrets {@code .env} comes before the environment, which leaks into
 * {@code /proc} and every child process; for all else it comes after, so that {@code APP_PORT=3001 whatsapp rest} does what it says.
 */
record Places(List<Source> forSecrets, List<Source> forOthers) {

    static Places same(List<Source> sources) {
        return new Places(sources, sources);
    }

    List<Source> of(Setting<?> setting) {
        return setting.isSecret() ? forSecrets : forOthers;
    }

    /** Each source once. */
    List<Source> all() {
        var all = new LinkedHashSet<>(forSecrets);
        all.addAll(forOthers);
        return List.copyOf(all);
    }
}
