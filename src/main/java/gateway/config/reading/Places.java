package gateway.config.reading;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import gateway.config.catalogue.Setting;
import gateway.config.source.Found;
import gateway.config.source.Source;

/**
 * The sources, in the order in which they are asked. For secrets {@code .env} comes before the environment, which leaks
 * into {@code /proc} and every child process; for all else it comes after, so that {@code APP_PORT=3001 whatsapp rest}
 * does what it says.
 */
record Places(List<Source> forSecrets, List<Source> forOthers) {

    static Places same(List<Source> sources) {
        return new Places(sources, sources);
    }

    List<Source> of(Setting<?> setting) {
        return setting.isSecret() ? forSecrets : forOthers;
    }

    /**
     * The first answer to a setting, by its own name or else by its synonym; empty when no source has one.
     *
     * @throws Source.Unreadable when a source cannot give what it has
     */
    Optional<Found> first(Setting<?> setting) throws Source.Unreadable {
        for (var source : of(setting)) {
            var found = source.find(setting);
            if (found.isPresent()) {
                return found;
            }
        }
        return of(setting).stream()
                .flatMap(source -> source.findSynonym(setting).stream())
                .findFirst();
    }

    /** Each source once. */
    List<Source> all() {
        // Compared by identity: the hash of a record is code that the JDK makes at its first use, a fortieth of a
        // start.
        return Stream.concat(
                        forSecrets.stream(),
                        forOthers.stream().filter(source -> forSecrets.stream().noneMatch(one -> one == source)))
                .toList();
    }
}
