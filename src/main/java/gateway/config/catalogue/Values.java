package gateway.config.catalogue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.SettingProblem;

/**
 * The typed values read so far. A setting is absent here when it is not given and has no default, or when it is wrong.
 */
public final class Values {
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final Map<Setting<?>, Origin> origins = new HashMap<>();
    private final Map<Setting<?>, SettingProblem> wrong = new HashMap<>();

    public <T> void put(Setting<T> setting, T value, Origin origin) {
        values.put(setting, value);
        origins.put(setting, origin);
    }

    public void wrong(Setting<?> setting, SettingProblem problem) {
        wrong.put(setting, problem);
        origins.put(setting, problem.origin());
    }

    /** Whether a value was given that could not be used; rules stay silent then, the cause is already reported. */
    public boolean isWrong(Setting<?> setting) {
        return wrong.containsKey(setting);
    }

    @SuppressWarnings("unchecked") // put() is the only writer and pairs a Setting<T> with a T
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /** The value of a setting that has a default, once nothing is wrong. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting + " has no value"));
    }

    public Origin origin(Setting<?> setting) {
        return origins.getOrDefault(setting, Origin.DEFAULT);
    }
}
