package gateway.config.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;

/**
 * A directory with one file for each secret, as Kubernetes mounts a Secret: the guide's keys ({@code basic-auth},
 * {@code webhook-secret}, {@code db-password}) or the settings' own names.
 */
public final class MountedFiles implements Source {
    private final Path directory;

    public MountedFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Found> find(Setting<?> setting) throws Unreadable {
        if (!setting.isSecret()) {
            return Optional.empty();
        }
        for (var name : List.of(setting.storeName(), setting.name())) {
            var file = directory.resolve(name);
            if (Files.exists(file)) {
                var origin = new Origin(Origin.Kind.MOUNTED, "file " + name + " in APP_SECRETS_DIR");
                return Optional.of(new Found(SecretFiles.content(setting, file, origin), origin));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<SettingProblem> errors() {
        return Files.isDirectory(directory)
                ? List.of()
                : List.of(new SettingProblem(
                        "APP_SECRETS_DIR",
                        Origin.DEFAULT,
                        "names " + directory + ", which is not a directory",
                        "mount the secrets there, or remove the setting"));
    }
}
