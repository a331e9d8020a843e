package gateway.command;

import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;

/** What a command runs once its settings are known to be right. */
@FunctionalInterface
public interface Server {

    /**
     * Serves until it is told to stop.
     *
     * @param configuration without errors
     * @param reader        reads it again, when it may have changed
     * @return 0 after an orderly stop
     * @throws RuntimeException when it could not start; one that is a {@link gateway.process.Fault} explains itself
     */
    int run(Configuration configuration, SettingsReader reader);

    /**
     * Waits a little before a start is tried again that failed for now.
     *
     * @param absent what is waited for, a sentence
     * @return false when the process is to end instead, so that its supervisor decides
     */
    default boolean waitsFor(String absent) {
        return false;
    }
}
