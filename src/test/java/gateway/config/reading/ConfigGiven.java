package gateway.config.reading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import gateway.config.SettingProblem;
import gateway.config.Settings;
import gateway.config.catalogue.Setting;
import gateway.config.source.Flags;

/** A machine's flags, environment and working directory, as a test arranges them. */
public final class ConfigGiven {
    static final String STRONG = "kT8vQ2mZ7xR4nB9wL5cH";
    public static final String TOKEN = "5f0c8a17d3e94b62a1c7f08e2d6b935c";

    private final Map<Setting<?>, List<String>> flags = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;

    public ConfigGiven(Path directory) {
        this.directory = directory;
    }

    ConfigGiven flag(Setting<?> setting, String... texts) {
        flags.put(setting, List.of(texts));
        return this;
    }

    public ConfigGiven env(String name, String text) {
        environment.put(name, text);
        return this;
    }

    public ConfigGiven dotEnv(String... lines) {
        file(".env", "rw-------", String.join("\n", lines) + "\n");
        return this;
    }

    public Path file(String name, String rights, String text) {
        try {
            var file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Configuration load() {
        return Configuration.load(new Flags(flags), environment, directory);
    }

    public Settings settings() {
        var loaded = load();
        return loaded.settings().orElseThrow(() -> new AssertionError(loaded.errors()));
    }

    /** The only error there is. */
    public String error() {
        var errors = load().errors();
        if (errors.size() != 1) {
            throw new AssertionError("expected one error: " + errors);
        }
        return errors.getFirst().sentence();
    }

    public List<String> warnings() {
        return load().warnings().stream().map(SettingProblem::sentence).toList();
    }
}
