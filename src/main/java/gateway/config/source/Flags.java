package gateway.config.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.catalogue.Setting;

/**
 * What the command line said.
 *
 * @param given the texts of each flag's setting, in the order in which a repeated flag gave them
 */
public record Flags(Map<Setting<?>, List<String>> given) implements Source {

    public Flags {
        given = Map.copyOf(given);
    }

    @Override
    public Optional<Found> find(Setting<?> setting) {
        return Optional.ofNullable(given.get(setting))
                .map(texts ->
                        new Found(String.join(",", texts), new Origin(Origin.Kind.FLAG, "flag " + setting.flagName())));
    }

    /** Without the texts, some of which are secrets. */
    @Override
    public String toString() {
        return "flags of " + given.keySet();
    }
}
