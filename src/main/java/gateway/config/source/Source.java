package gateway.config.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import gateway.config.Secret;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;
import gateway.config.reading.Configuration;

/**
 * A place that may hold values of settings. {@link Configuration#from} asks its sources in order and takes the first
 * answer, so a further place is one more implementation.
 */
public interface Source {

    /**
     * The setting's text here, or empty when this place says nothing about it.
     *
     * @throws Unreadable when this place has the setting but cannot give it; no later source is asked then, because
     *                    falling back could start the gateway with a weaker value than the operator meant
     */
    Optional<Found> find(Setting<?> setting) throws Unreadable;

    /**
     * The text of the setting's other name (such as {@code NODE_ENV}), asked for when no source has the setting itself.
     */
    default Optional<Found> findSynonym(Setting<?> setting) {
        return Optional.empty();
    }

    /**
     * Puts another value in the place of the one that {@link #find} gives, whole or not at all.
     *
     * @return false when no program can: the place is fixed while the process runs, or mounted read-only
     * @throws IOException with one sentence, without any secret, when it should have been possible
     */
    default boolean replace(Setting<?> setting, Secret value) throws IOException {
        return false;
    }

    /** What is wrong with the place as a whole. */
    default List<SettingProblem> errors() {
        return List.of();
    }

    /** What is odd about the place as a whole; asked for after every setting was. */
    default List<SettingProblem> warnings() {
        return List.of();
    }

    /** A place that has a value but cannot give it. */
    final class Unreadable extends Exception {
        private final SettingProblem problem;

        public Unreadable(SettingProblem problem) {
            super(problem.sentence(), null, false, false);
            this.problem = problem;
        }

        public SettingProblem problem() {
            return problem;
        }
    }
}
