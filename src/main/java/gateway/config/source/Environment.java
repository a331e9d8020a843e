package gateway.config.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;

/** The process's environment variables. */
public final class Environment implements Source {
    private final Map<String, String> variables;

    public Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public Optional<Found> find(Setting<?> setting) {
        return find(setting.name());
    }

    @Override
    public Optional<Found> findSynonym(Setting<?> setting) {
        return setting.synonym()
                .flatMap(other ->
                        find(other.name()).filter(found -> other.counts().test(found.text())));
    }

    Optional<Found> find(String name) {
        return Optional.ofNullable(variables.get(name))
                .map(text -> new Found(text, new Origin(Origin.Kind.ENVIRONMENT, "environment variable " + name)));
    }

    /** Warns of near misses only: other programs' variables, such as Kubernetes' service links, begin like ours too. */
    @Override
    public List<SettingProblem> warnings() {
        var warnings = new ArrayList<SettingProblem>();
        for (var name :
                variables.keySet().stream().filter(Names::looksOurs).sorted().toList()) {
            if (!Names.known().contains(name)) {
                Names.nearest(name)
                        .ifPresent(near -> warnings.add(new SettingProblem(
                                name,
                                new Origin(Origin.Kind.ENVIRONMENT, "environment"),
                                "is no setting of the gateway",
                                "did you mean " + near)));
            }
        }
        return warnings;
    }
}
