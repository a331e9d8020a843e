package gateway.admin;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import gateway.config.reading.Configuration;
import gateway.config.source.Flags;

/**
 * The settings of an instance beside those a request names, and whether all of them together are right: asked of the
 * gateway's own configuration, so that what it would refuse at its start is refused before.
 */
public final class InstanceSettings {
    private final Map<String, String> inherited;
    private final Path nowhere;

    /**
     * @param inherited settings of the Admin API's own process that its instances share
     * @param nowhere   a directory without a {@code .env}, from which relative paths start while settings are judged
     */
    public InstanceSettings(Map<String, String> inherited, Path nowhere) {
        this.inherited = Map.copyOf(inherited);
        this.nowhere = nowhere;
    }

    /** What every instance has from the start. */
    Map<String, String> fixed(int port) {
        var settings = new HashMap<>(inherited);
        settings.put("APP_HOST", "127.0.0.1");
        settings.put("APP_PORT", Integer.toString(port));
        settings.put("APP_METRICS_PORT", Integer.toString(PortRules.metrics(port)));
        return settings;
    }

    /** @throws gateway.http.Problem 400 naming the field */
    void check(Map<String, String> settings) {
        for (var error :
                Configuration.load(new Flags(Map.of()), settings, nowhere).errors()) {
            throw AdminErrors.invalidField(
                    Field.of(error.name()).map(Field::text).orElse(error.name()),
                    error.what() + "; " + error.remedy() + ".");
        }
    }
}
