package gateway.reference;

import static gateway.reference.ReferencePages.code;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import gateway.config.Role;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.SecretKind;
import gateway.config.catalogue.Setting;
import gateway.config.reading.Configuration;
import gateway.config.source.Flags;

/** The page of the settings: one section for each setting of the catalogue, in its order. */
final class SettingsPage {
    /** A text that no setting takes. */
    private static final String IMPOSSIBLE = "\0";

    private static final Pattern KIND = Pattern.compile("which (?:is not|cannot be) (an? .+)");
    private static final Pattern LENGTH = Pattern.compile("is longer than (\\d+ characters)");

    private SettingsPage() {}

    static String text() {
        var page = new StringBuilder(ReferencePages.head("Settings", """
                A setting has the name of its environment variable. It is taken from the first place that has it: its flag, the
                environment, the file `.env` in the working directory, its default. A secret may come from more places; see
                [Secrets](#secrets). `whatsapp config check` prints every setting with its value and its origin.

                A value that is not accepted is refused at the start, with one sentence for each. A setting is read at the start
                only, unless its section says that a reload takes it over: `systemctl reload whatsapp`, or SIGHUP."""));
        page.append("\n| setting | default | effect |\n|---|---|---|\n");
        for (var setting : Catalogue.all()) {
            page.append("| [`")
                    .append(setting.name())
                    .append("`](#")
                    .append(anchor(setting))
                    .append(") | ")
                    .append(ReferencePages.cell(noted(setting.fallbackNote())))
                    .append(" | ")
                    .append(ReferencePages.cell(setting.help()))
                    .append(" |\n");
        }
        page.append("""

                ## Secrets

                A secret `NAME` is taken from the first place that has it:

                1. its flag;
                2. the file that `NAME_FILE` names;
                3. a systemd credential;
                4. the file `.env`;
                5. the environment;
                6. HashiCorp Vault, see `WHATSAPP_VAULT_PATH`;
                7. AWS Secrets Manager, see `WHATSAPP_AWS_SECRETS`;
                8. a file in `APP_SECRETS_DIR`.

                A secret store that does not answer is an error, never an absent secret. An empty secret is an error, too.
                """);
        Catalogue.all().forEach(setting -> page.append(section(setting)));
        return page.toString();
    }

    private static String section(Setting<?> setting) {
        var lines = new ArrayList<String>();
        flags(setting.flags(Role.REST), setting).ifPresent(flags -> lines.add("Flag of `whatsapp rest`: " + flags));
        flags(setting.flags(Role.ADMIN), setting).ifPresent(flags -> lines.add("Flag of `whatsapp admin`: " + flags));
        lines.add("Default: " + (setting.fallbackNote().isEmpty() ? "none" : noted(setting.fallbackNote())));
        accepted(setting).ifPresent(values -> lines.add("Values: " + values));
        if (setting.isList()) {
            lines.add("Several values are separated by commas");
        }
        if (setting.isSecret()) {
            lines.add("Secret: also `" + setting.name() + "_FILE`; systemd credential `"
                    + setting.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`; `" + setting.storeName()
                    + "` in a secret store and in `APP_SECRETS_DIR`");
        }
        if (Arrays.stream(SecretKind.values())
                .anyMatch(kind ->
                        kind != SecretKind.ENCRYPTION_KEY && kind.settingName().equals(setting.name()))) {
            lines.add("Reload: taken over without a restart");
        }
        return "\n## " + setting.name() + "\n\n" + sentence(setting.help()) + "\n\n"
                + lines.stream().map(line -> "- " + line + ".\n").collect(Collectors.joining());
    }

    private static String sentence(String help) {
        return (help.matches("[a-z]+[ ,;].*")
                        ? help.substring(0, 1).toUpperCase(Locale.ROOT) + help.substring(1)
                        : help)
                + ".";
    }

    /** A default that is one word is a value, any other a phrase. */
    private static String noted(String fallback) {
        return fallback.contains(" ") ? fallback : code(fallback);
    }

    private static Optional<String> flags(List<String> flags, Setting<?> setting) {
        return flags.isEmpty()
                ? Optional.empty()
                : Optional.of(flags.stream()
                        .map(flag -> flag.equals(flags.getLast())
                                ? code(flag
                                        + (setting.isSwitch() ? "[=" + setting.label() + "]" : " " + setting.label()))
                                : code(flag))
                        .collect(Collectors.joining(", ")));
    }

    /** What the setting takes, in the words with which it refuses everything else. */
    private static Optional<String> accepted(Setting<?> setting) {
        return refusal(setting).map(refusal -> {
            var kind = KIND.matcher(refusal.what());
            var length = LENGTH.matcher(refusal.what());
            var range = kind.find() ? kind.group(1) + "; " : length.find() ? "at most " + length.group(1) + "; " : "";
            return range + refusal.remedy();
        });
    }

    private static Optional<SettingProblem> refusal(Setting<?> setting) {
        return Configuration.load(
                        setting.flags(Role.ADMIN).isEmpty() ? Role.REST : Role.ADMIN,
                        new Flags(Map.of()),
                        Map.of(setting.name(), IMPOSSIBLE),
                        Path.of("/nonexistent"))
                .errors()
                .stream()
                .filter(problem -> problem.name().equals(setting.name()))
                .findFirst();
    }

    private static String anchor(Setting<?> setting) {
        return setting.name().toLowerCase(Locale.ROOT);
    }
}
