package gateway.config.reading;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.config.Invalid;
import gateway.config.Origin;
import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.SettingProblem;
import gateway.config.Settings;
import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Setting;
import gateway.config.catalogue.Values;
import gateway.config.source.Flags;
import gateway.config.source.Found;
import gateway.config.source.Source;

/**
 * The outcome of reading every setting: what is in force, where it came from, and all that is wrong with it at once.
 *
 * @param settings present exactly when there are no errors
 * @param values   every setting of {@link Catalogue#all()} in its order, secrets masked
 */
public record Configuration(
        Optional<Settings> settings,
        List<Effective> values,
        List<SettingProblem> errors,
        List<SettingProblem> warnings) {

    private static final List<String> NAMES =
            Catalogue.all().stream().map(Setting::name).toList();
    /** What concerns a file or an unknown name comes first. */
    private static final Comparator<SettingProblem> CATALOGUE_ORDER =
            Comparator.comparingInt(problem -> NAMES.indexOf(problem.name()));

    /** One setting's value in force as it may be shown; empty text means that it has none. */
    public record Effective(String name, String shown, Origin origin) {}

    /** Reads the settings once, from the places of {@link SettingsReader}. */
    public static Configuration load(Flags flags, Map<String, String> variables, Path directory) {
        return load(Role.REST, flags, variables, directory);
    }

    /** As {@link #load(Flags, Map, Path)}, by the rules of another server. */
    public static Configuration load(Role role, Flags flags, Map<String, String> variables, Path directory) {
        return new SettingsReader(role, flags, variables, directory).read();
    }

    /** Reads the settings from these places, the first answer counting. */
    static Configuration from(Role role, Places places, Path directory) {
        return new Reading(places).finish(role, directory);
    }

    /** One pass over the catalogue. */
    private static final class Reading {
        private final Places places;
        private final Values values = new Values();
        private final List<Effective> effective = new ArrayList<>();
        private final List<SettingProblem> errors = new ArrayList<>();
        private final List<SettingProblem> warnings = new ArrayList<>();

        Reading(Places places) {
            this.places = places;
        }

        Configuration finish(Role role, Path directory) {
            places.all().forEach(source -> errors.addAll(source.errors()));
            boolean complete = errors.isEmpty();
            for (var setting : Catalogue.all()) {
                try {
                    read(setting);
                } catch (Source.Unreadable unreadable) {
                    wrong(setting, unreadable.problem());
                    effective.add(new Effective(
                            setting.name(), Secret.MASK, unreadable.problem().origin()));
                }
            }
            // With a source missing, "not set" proves nothing.
            if (complete) {
                var rules = new Rules(values, directory);
                rules.apply(role);
                errors.addAll(rules.errors());
                warnings.addAll(rules.warnings());
            }
            places.all().forEach(source -> warnings.addAll(source.warnings()));
            errors.sort(CATALOGUE_ORDER);
            warnings.sort(CATALOGUE_ORDER);
            var settings = errors.isEmpty()
                    ? Optional.of(new Assembly(values, directory).settings())
                    : Optional.<Settings>empty();
            return new Configuration(settings, List.copyOf(effective), List.copyOf(errors), List.copyOf(warnings));
        }

        private <T> void read(Setting<T> setting) throws Source.Unreadable {
            var found = find(setting);
            var origin = found.map(Found::origin).orElse(Origin.DEFAULT);
            var text = found.map(Found::text).map(raw -> setting.isSecret() ? raw : raw.strip());
            if (text.filter(String::isEmpty).isPresent() && !setting.isSecret()) {
                text = Optional.empty();
                origin = new Origin(Origin.Kind.DEFAULT, "default, " + origin + " is empty");
            }
            if (text.isPresent() && text.get().isBlank()) {
                // A failed `aws` or `vault` call leaves an empty variable: it must not open or weaken anything.
                wrong(
                        setting,
                        new SettingProblem(setting.name(), origin, "is empty", "set it, or remove it altogether"));
                effective.add(new Effective(setting.name(), "", origin));
                return;
            }
            text = text.or(() -> setting.fallback(values));
            effective.add(new Effective(setting.name(), text.map(setting::show).orElse(""), origin));
            if (text.isPresent()) {
                parse(setting, text.get(), origin);
            }
        }

        private <T> void parse(Setting<T> setting, String text, Origin origin) {
            try {
                values.put(setting, setting.parse(text), origin);
            } catch (Invalid invalid) {
                wrong(setting, new SettingProblem(setting.name(), origin, invalid.what(), invalid.remedy()));
            }
        }

        private void wrong(Setting<?> setting, SettingProblem problem) {
            values.wrong(setting, problem);
            errors.add(problem);
        }

        private Optional<Found> find(Setting<?> setting) throws Source.Unreadable {
            var first = places.first(setting);
            if (first.isPresent()) {
                warnOfSecond(setting, first.get().origin());
            }
            return first;
        }

        /** Overriding .env by the environment is everyday; a stray copy of a secret that has a file is a leak. */
        private void warnOfSecond(Setting<?> setting, Origin first) throws Source.Unreadable {
            if (first.kind() == Origin.Kind.FILE || first.kind() == Origin.Kind.CREDENTIAL) {
                for (var source : places.of(setting)) {
                    source.find(setting)
                            .filter(second -> !second.origin().equals(first))
                            .ifPresent(second -> warnings.add(new SettingProblem(
                                    setting.name(),
                                    second.origin(),
                                    "is set a second time and ignored, the " + first + " counts",
                                    "remove it here")));
                }
            }
        }
    }
}
