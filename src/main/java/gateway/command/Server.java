package gateway.command;

import gateway.config.Configuration;
import gateway.config.SettingsReader;

/** What a command runs once its settings are known to be right. */
@FunctionalInterface
public interface Server {

    /**
     * Serves until it is told to stop.
     *
     * @param configuration without errors
     * @param reader        reads it again, when it may have changed
     * @return the process's exit code: 0 after an orderly stop, 2 when it could not start
     */
    int run(Configuration configuration, SettingsReader reader);
}
