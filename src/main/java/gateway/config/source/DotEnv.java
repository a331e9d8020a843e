package gateway.config.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.config.Origin;
import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;

/**
 * The {@code .env} file of the working directory. It holds secrets, so it has to belong to the user that runs the
 * gateway and be closed to everybody else (guide, "Environment File Security"); otherwise none of it is used.
 */
public final class DotEnv implements Source {
    public static final String NAME = ".env";
    private static final long MAX = 1 << 20;

    private final Path file;
    private final Map<String, DotEnvText.Entry> entries;
    private final List<SettingProblem> errors;

    private DotEnv(Path file, Map<String, DotEnvText.Entry> entries, List<SettingProblem> errors) {
        this.file = file;
        this.entries = entries;
        this.errors = List.copyOf(errors);
    }

    /**
     * Reads {@code directory/.env}; an absent file has no entries and no errors.
     *
     * @param user the name of the user that the file has to belong to
     */
    public static DotEnv read(Path directory, String user) {
        var file = directory.resolve(NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new DotEnv(file, Map.of(), List.of());
        }
        try {
            var refusal = refusal(file, user);
            if (refusal.isPresent()) {
                return new DotEnv(file, Map.of(), List.of(refusal.get()));
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            var parsed = DotEnvText.parse(text);
            return new DotEnv(file, parsed.entries(), parsed.errors());
        } catch (CharacterCodingException notText) {
            return new DotEnv(file, Map.of(), List.of(wrong("is not UTF-8 text", "save it as UTF-8")));
        } catch (IOException unreadable) {
            return new DotEnv(
                    file,
                    Map.of(),
                    List.of(wrong(
                            "cannot be read",
                            "let user " + user + " read it: chown " + user + " .env && chmod 600 .env")));
        }
    }

    private static Optional<SettingProblem> refusal(Path file, String user) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.of(wrong("is not a regular file", "put a file there or remove it"));
        }
        var owner = Files.getOwner(file).getName();
        if (!owner.equals(user)) {
            return Optional.of(wrong(
                    "belongs to " + owner + ", not to " + user + " that runs the gateway",
                    "chown " + user + " .env && chmod 600 .env"));
        }
        var others = Files.getPosixFilePermissions(file).stream()
                .filter(right -> !right.name().startsWith("OWNER"));
        if (others.findAny().isPresent()) {
            return Optional.of(wrong("can be read or changed by other users", "run: chmod 600 .env"));
        }
        return Files.size(file) > MAX
                ? Optional.of(wrong("is larger than 1 MiB", "keep only settings in it"))
                : Optional.empty();
    }

    private static SettingProblem wrong(String what, String remedy) {
        return new SettingProblem(NAME, new Origin(Origin.Kind.DOTENV, "working directory"), what, remedy);
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

    @Override
    public boolean replace(Setting<?> setting, Secret value) throws IOException {
        var entry = entries.get(setting.name());
        if (entry == null) {
            return false;
        }
        var lines = new ArrayList<>(Arrays.asList(Files.readString(file).split("\n", -1)));
        lines.set(entry.line() - 1, setting.name() + "='" + value.reveal() + "'");
        if (value.reveal().indexOf('\'') >= 0) {
            throw new IOException("A secret with a single quote cannot stand in .env");
        }
        SecretFile.write(file, String.join("\n", lines));
        return true;
    }

    Optional<Found> find(String name) {
        return Optional.ofNullable(entries.get(name)).map(entry -> new Found(entry.text(), line(entry.line())));
    }

    static Origin line(int number) {
        return new Origin(Origin.Kind.DOTENV, ".env line " + number);
    }

    @Override
    public List<SettingProblem> errors() {
        return errors;
    }

    /** Warns of names that look like settings and are not, because a typing error would leave a default in force. */
    @Override
    public List<SettingProblem> warnings() {
        var warnings = new ArrayList<SettingProblem>();
        entries.forEach((name, entry) -> {
            if (Names.looksOurs(name) && !Names.known().contains(name)) {
                warnings.add(new SettingProblem(
                        name,
                        line(entry.line()),
                        "is no setting of the gateway",
                        Names.nearest(name).map(near -> "did you mean " + near).orElse("remove that line")));
            }
        });
        return warnings;
    }
}
