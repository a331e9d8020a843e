package gateway.config.source;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import gateway.config.catalogue.Catalogue;
import gateway.config.catalogue.Spelling;

/** The names under which settings are written in an environment or an {@code .env} file. */
final class Names {
    private static final Set<String> KNOWN = collect();

    private Names() {}

    static Set<String> known() {
        return KNOWN;
    }

    /** Whether a name has one of the prefixes that the gateway's settings have. */
    static boolean looksOurs(String name) {
        return name.matches("(APP|WHATSAPP|DB|ADMIN)_.*");
    }

    static Optional<String> nearest(String name) {
        return Spelling.nearest(name, KNOWN);
    }

    private static Set<String> collect() {
        var names = new TreeSet<String>();
        for (var setting : Catalogue.all()) {
            names.add(setting.name());
            setting.synonym().ifPresent(other -> names.add(other.name()));
            if (setting.isSecret()) {
                names.add(SecretFiles.pointer(setting));
            }
        }
        return names;
    }
}
