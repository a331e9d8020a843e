package gateway.command;

import gateway.config.Settings;

/** What a command runs once its settings are known to be right. */
@FunctionalInterface
public interface Server {

    /**
     * Serves until it is told to stop.
     *
     * @return the process's exit code: 0 after an orderly stop, 2 when it could not start
     */
    int run(Settings settings);
}
