package gateway.config.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import gateway.config.Invalid;
import gateway.config.Origin;
import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.SecretKind;
import gateway.config.catalogue.SecretSettings;
import gateway.config.catalogue.Setting;
import gateway.config.source.DotEnv;
import gateway.config.source.Environment;
import gateway.config.source.Flags;
import gateway.config.source.Found;
import gateway.config.source.MountedFiles;
import gateway.config.source.SecretFiles;
import gateway.config.source.Source;
import gateway.config.source.remote.AwsSource;
import gateway.config.source.remote.RemoteStores;
import gateway.config.source.remote.VaultSource;

/**
 * Reads the settings, as often as asked; every file is looked at anew, a login at a secret store is kept. A secret is
 * taken from the first place that has it: flag, {@code NAME_FILE}, systemd credential, {@code .env}, environment,
 * Vault, AWS Secrets Manager, mounted files. Any other setting: flag, environment, {@code .env}. Then the default.
 */
public final class SettingsReader {
    private final Role role;
    private final Flags flags;
    private final Map<String, String> variables;
    private final Path directory;
    private final RemoteStores remote = new RemoteStores();

    /** @param directory the working directory: {@code .env} is read there, relative paths start there */
    public SettingsReader(Role role, Flags flags, Map<String, String> variables, Path directory) {
        this.role = role;
        this.flags = flags;
        this.variables = Map.copyOf(variables);
        this.directory = directory;
    }

    /** Which server the settings are read for. */
    public Role role() {
        return role;
    }

    /** Where to look for a change of the files: directories, and the one name that counts in the working directory. */
    public record Watched(List<Path> directories, Path dotEnv) {}

    public synchronized Configuration read() {
        return Configuration.from(role, places(), directory);
    }

    /**
     * Puts a new secret where the present one comes from.
     *
     * @return the place that was written to; empty when no program can write there
     * @throws IOException with one sentence when it should have been possible; the old secret is still there
     */
    public synchronized Optional<Origin> replace(SecretKind kind, Secret value) throws IOException {
        var setting = kind.setting();
        for (var source : places().of(setting)) {
            try {
                var found = source.find(setting);
                if (found.isPresent()) {
                    return source.replace(setting, value)
                            ? Optional.of(found.get().origin())
                            : Optional.empty();
                }
            } catch (Source.Unreadable unreadable) {
                throw new IOException(unreadable.problem().sentence(), unreadable);
            }
        }
        return Optional.empty();
    }

    /**
     * The texts of all settings that were given, by whichever name and place, secrets in clear: for a backup. The
     * encryption key is left out.
     *
     * @throws Source.Unreadable when a place cannot give what it has
     */
    public synchronized SortedMap<String, String> given() throws Source.Unreadable {
        var given = new TreeMap<String, String>();
        var places = places();
        for (var setting : Catalogue.all()) {
            if (setting != SecretSettings.WHATSAPP_ENCRYPTION_KEY) {
                places.first(setting).ifPresent(found -> given.put(setting.name(), found.text()));
            }
        }
        return given;
    }

    /** Where the present value of a secret comes from; empty when there is none, or when its place cannot give it. */
    public synchronized Optional<Origin> origin(SecretKind kind) {
        for (var source : places().of(kind.setting())) {
            try {
                var found = source.find(kind.setting());
                if (found.isPresent()) {
                    return found.map(Found::origin);
                }
            } catch (Source.Unreadable unreadable) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The files that a change of the configuration would change. */
    public Watched watched() {
        var files = files();
        var directories = new ArrayList<>(files.directories());
        local(SecretSettings.APP_SECRETS_DIR).map(directory::resolve).ifPresent(directories::add);
        return new Watched(
                directories.stream().map(Path::toAbsolutePath).distinct().toList(),
                directory.resolve(DotEnv.NAME).toAbsolutePath());
    }

    /** Whether a secret store has to be asked again now and then. */
    public boolean remote() {
        return local(SecretSettings.WHATSAPP_VAULT_PATH).isPresent()
                || local(SecretSettings.WHATSAPP_AWS_SECRETS).isPresent();
    }

    private SecretFiles files() {
        return new SecretFiles(
                new Environment(variables),
                dotEnv(),
                Optional.ofNullable(variables.get("CREDENTIALS_DIRECTORY"))
                        .filter(path -> !path.isBlank())
                        .map(Path::of),
                directory);
    }

    private DotEnv dotEnv() {
        return DotEnv.read(directory, System.getProperty("user.name"));
    }

    private Places local() {
        var environment = new Environment(variables);
        var dotEnv = dotEnv();
        return new Places(List.of(flags, files(), dotEnv, environment), List.of(flags, environment, dotEnv));
    }

    private Places places() {
        var local = local();
        var secrets = new ArrayList<>(local.forSecrets());
        local(SecretSettings.WHATSAPP_VAULT_PATH)
                .map(path -> VaultSource.open(remote, path, this::text))
                .ifPresent(secrets::add);
        local(SecretSettings.WHATSAPP_AWS_SECRETS)
                .map(prefix -> AwsSource.open(remote, prefix, this::text))
                .ifPresent(secrets::add);
        local(SecretSettings.APP_SECRETS_DIR)
                .map(path -> new MountedFiles(directory.resolve(path)))
                .ifPresent(secrets::add);
        return new Places(secrets, local.forOthers());
    }

    /** What a setting of other programs, such as {@code VAULT_TOKEN} or {@code AWS_REGION}, says here. */
    public Optional<String> text(String name) {
        return local(Setting.<String>define(name, text -> text)
                .nature(Setting.Nature.SECRET)
                .in(new ArrayList<>()));
    }

    /** The text of a setting that says where secrets are; one that is wrong is told of when all settings are read. */
    private <T> Optional<T> local(Setting<T> setting) {
        try {
            for (var source : local().of(setting)) {
                var found = source.find(setting).map(Found::text).filter(text -> !text.isBlank());
                if (found.isPresent()) {
                    return Optional.of(setting.parse(found.get().strip()));
                }
            }
        } catch (Source.Unreadable | Invalid told) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
