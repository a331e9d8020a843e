package gateway.command;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import gateway.config.Role;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Setting;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;

/** The command-line flags of the settings: made from the catalogue, so that each is declared there only. */
final class SettingOptions {
    private final Role role;
    private final Map<String, String> environment;
    private final Path directory;

    SettingOptions(Role role, Map<String, String> environment, Path directory) {
        this.role = role;
        this.environment = environment;
        this.directory = directory;
    }

    void addTo(CommandSpec command) {
        for (var setting : Catalogue.all()) {
            if (!setting.flags(role).isEmpty()) {
                command.addOption(option(setting));
            }
        }
    }

    private OptionSpec option(Setting<?> setting) {
        var note = setting.fallbackNote().isEmpty()
                ? setting.name()
                : setting.name() + ", default " + setting.fallbackNote();
        var option = OptionSpec.builder(setting.flags(role).toArray(String[]::new))
                .paramLabel(setting.label())
                .description(setting.help() + " [" + note + "]");
        if (setting.isList()) {
            option.type(List.class).auxiliaryTypes(String.class).arity("1");
        } else if (setting.isSwitch()) {
            option.type(String.class).arity("0..1").fallbackValue("true");
        } else {
            option.type(String.class).arity("1");
        }
        return option.build();
    }

    /** Reads every setting, the flags of this invocation first. */
    SettingsReader reader(ParseResult parsed) {
        var given = new HashMap<Setting<?>, List<String>>();
        for (var setting : Catalogue.all()) {
            var flags = setting.flags(role);
            if (!flags.isEmpty() && parsed.hasMatchedOption(flags.getLast())) {
                given.put(setting, parsed.matchedOption(flags.getLast()).stringValues());
            }
        }
        return new SettingsReader(role, new Flags(given), environment, directory);
    }
}
