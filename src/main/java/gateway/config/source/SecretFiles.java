package gateway.config.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Setting;

/**
 * Secrets in files of their own: {@code NAME_FILE=/path} from the environment or {@code .env} (the form that container
 * images use for mounted secrets), then systemd's {@code $CREDENTIALS_DIRECTORY/name} (systemd.exec(5)), where the
 * name is the setting's in lower case with dashes ({@code app-basic-auth}) or as it is.
 */
public final class SecretFiles implements Source {
    private static final long MAX = 64 * 1024;

    private final Environment environment;
    private final DotEnv dotEnv;
    private final Optional<Path> credentials;
    private final Path directory;
    private final List<SettingProblem> warnings = new ArrayList<>();

    public SecretFiles(Environment environment, DotEnv dotEnv, Optional<Path> credentials, Path directory) {
        this.environment = environment;
        this.dotEnv = dotEnv;
        this.credentials = credentials;
        this.directory = directory;
    }

    public static String pointer(Setting<?> setting) {
        return setting.name() + "_FILE";
    }

    @Override
    public Optional<Found> find(Setting<?> setting) throws Unreadable {
        if (!setting.isSecret()) {
            return Optional.empty();
        }
        var name = pointer(setting);
        var pointed = environment.find(name).or(() -> dotEnv.find(name));
        if (pointed.isPresent()) {
            return Optional.of(new Found(
                    named(setting, pointed.get()),
                    new Origin(
                            Origin.Kind.FILE,
                            "file of " + name + ", " + pointed.get().origin())));
        }
        return credential(setting);
    }

    private String named(Setting<?> setting, Found pointer) throws Unreadable {
        var origin = new Origin(Origin.Kind.FILE, pointer(setting) + ", " + pointer.origin());
        if (pointer.text().isBlank()) {
            throw unreadable(setting, origin, "names no file", "give the path of a file or remove it");
        }
        try {
            var file = directory.resolve(pointer.text());
            var content = content(setting, file, origin);
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                warnings.add(new SettingProblem(
                        setting.name(),
                        origin,
                        "is in a file that every user of this machine can read",
                        "run: chmod 600 " + file));
            }
            return content;
        } catch (IOException gone) {
            throw unreadable(setting, origin, "names a file that went away while it was read", "start again");
        } catch (InvalidPathException notAPath) {
            throw unreadable(setting, origin, "names no path this system can have", "give the path of a file");
        }
    }

    /**
     * The file itself is written, whatever links lead to it; Kubernetes' links lead to a directory that a program
     * cannot change.
     */
    @Override
    public boolean replace(Setting<?> setting, Secret value) throws IOException {
        var pointed = environment.find(pointer(setting)).or(() -> dotEnv.find(pointer(setting)));
        if (pointed.isEmpty()) {
            return false;
        }
        var file = directory.resolve(pointed.get().text()).toRealPath();
        var holder = Objects.requireNonNull(file.getParent());
        if (!Files.isWritable(holder) || String.valueOf(holder.getFileName()).startsWith("..")) {
            return false;
        }
        SecretFile.write(file, value.reveal() + "\n");
        return true;
    }

    /** The directories whose files count. */
    public List<Path> directories() {
        var all = new ArrayList<Path>(credentials.stream().toList());
        Catalogue.all().stream()
                .filter(Setting::isSecret)
                .flatMap(setting -> environment.find(pointer(setting)).or(() -> dotEnv.find(pointer(setting))).stream())
                .filter(pointer -> !pointer.text().isBlank())
                .map(pointer -> directory.resolve(pointer.text()).toAbsolutePath())
                .forEach(file -> all.add(file.getParent()));
        return all;
    }

    private Optional<Found> credential(Setting<?> setting) throws Unreadable {
        if (credentials.isEmpty()) {
            return Optional.empty();
        }
        for (var name : new String[] {setting.name().toLowerCase(Locale.ROOT).replace('_', '-'), setting.name()}) {
            var file = credentials.get().resolve(name);
            if (Files.exists(file)) {
                var origin = new Origin(Origin.Kind.CREDENTIAL, "systemd credential " + name);
                return Optional.of(new Found(content(setting, file, origin), origin));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<SettingProblem> warnings() {
        return List.copyOf(warnings);
    }

    static String content(Setting<?> setting, Path file, Origin origin) throws Unreadable {
        try {
            if (!Files.isRegularFile(file)) {
                throw unreadable(setting, origin, "points to " + file + ", which is no file", "create that file");
            }
            if (Files.size(file) > MAX) {
                throw unreadable(setting, origin, "points to a file larger than 64 KiB", "keep only the secret in it");
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            var line = text.replaceFirst("\r?\n\\z", "");
            if (line.chars().anyMatch(Character::isISOControl)) {
                throw unreadable(
                        setting, origin, "points to a file of more than one line", "keep only the secret in it");
            }
            return line;
        } catch (CharacterCodingException notText) {
            throw unreadable(setting, origin, "points to a file that is not UTF-8 text", "keep only the secret in it");
        } catch (IOException failed) {
            throw unreadable(
                    setting,
                    origin,
                    "points to " + file + ", which cannot be read",
                    "let user " + System.getProperty("user.name") + " read it");
        }
    }

    private static Unreadable unreadable(Setting<?> setting, Origin origin, String what, String remedy) {
        return new Unreadable(new SettingProblem(setting.name(), origin, what, remedy));
    }
}
