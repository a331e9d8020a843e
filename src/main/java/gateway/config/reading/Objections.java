package gateway.config.reading;

import java.util.ArrayList;
import java.util.List;

import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;
import gateway.config.catalogue.Values;

/** What the rules have to say against settings, in the order in which it was found. */
final class Objections {
    private final Values values;
    private final boolean production;
    private final List<SettingProblem> errors = new ArrayList<>();
    private final List<SettingProblem> warnings = new ArrayList<>();

    /** @param production whether what is weak is an error, too */
    Objections(Values values, boolean production) {
        this.values = values;
        this.production = production;
    }

    List<SettingProblem> errors() {
        return errors;
    }

    List<SettingProblem> warnings() {
        return warnings;
    }

    /** A warning, and in production an error. */
    void weak(Setting<?> setting, String what, String remedy) {
        (production ? errors : warnings).add(problem(setting, what, remedy));
    }

    /** A warning of a file, and in production an error. */
    void weak(SettingProblem problem) {
        (production ? errors : warnings).add(problem);
    }

    void error(Setting<?> setting, String what, String remedy) {
        errors.add(problem(setting, what, remedy));
    }

    void warning(Setting<?> setting, String what, String remedy) {
        warnings.add(problem(setting, what, remedy));
    }

    private SettingProblem problem(Setting<?> setting, String what, String remedy) {
        return new SettingProblem(setting.name(), values.origin(setting), what, remedy);
    }
}
