package gateway.config.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import gateway.config.Invalid;
import gateway.config.Role;

/**
 * One thing that can be configured. Its name is that of its environment variable; {@link Catalogue} holds them all.
 *
 * @param <T> the type of its value
 */
public final class Setting<T> {
    private final String name;
    private final Parser<T> parser;
    private final List<String> flags;
    private final List<String> adminFlags;
    private final String label;
    private final String help;
    private final Nature nature;
    private final UnaryOperator<String> display;
    private final Function<Values, Optional<String>> fallback;
    private final String fallbackNote;
    private final Optional<Synonym> synonym;
    private final String storeName;

    /** How a setting is written on the command line, and whether it may also come from secret stores. */
    public enum Nature {
        SINGLE,
        SWITCH,
        LIST,
        SECRET,
        SECRET_LIST
    }

    /** Another name that counts when the setting itself is nowhere given, and its text satisfies the predicate. */
    public record Synonym(String name, Predicate<String> counts) {}

    private Setting(Draft<T> draft) {
        name = draft.name;
        parser = draft.parser;
        flags = draft.flags;
        adminFlags = draft.adminFlags;
        label = draft.label;
        help = draft.help;
        nature = draft.nature;
        display = draft.display;
        fallback = draft.fallback;
        fallbackNote = draft.fallbackNote;
        synonym = Optional.ofNullable(draft.synonym);
        storeName =
                draft.storeName.isEmpty() ? draft.name.toLowerCase(Locale.ROOT).replace('_', '-') : draft.storeName;
    }

    public static <T> Draft<T> define(String name, Parser<T> parser) {
        return new Draft<>(name, parser);
    }

    /** The environment variable. */
    public String name() {
        return name;
    }

    /** What a secret store calls it, in the guide's words: {@code basic-auth}. */
    public String storeName() {
        return storeName;
    }

    /** The command-line flags, short one first; empty when there is none. */
    public List<String> flags() {
        return flags;
    }

    /** The flags of the command that runs this server. */
    public List<String> flags(Role role) {
        return role == Role.ADMIN ? adminFlags : flags;
    }

    /** The long form of its flag, for a setting that was given by one. */
    public String flagName() {
        return (flags.isEmpty() ? adminFlags : flags).getLast();
    }

    /** What the value is, in a word, for help: {@code PORT}, {@code URL}. */
    public String label() {
        return label;
    }

    /** One line that says what it does. */
    public String help() {
        return help;
    }

    /** The default as text for help; empty when there is none. */
    public String fallbackNote() {
        return fallbackNote;
    }

    /** Whether {@code NAME_FILE} and systemd credentials are looked at, and an empty value is an error. */
    public boolean isSecret() {
        return nature == Nature.SECRET || nature == Nature.SECRET_LIST;
    }

    /** Whether its flag may be repeated; the texts are joined by commas. */
    public boolean isList() {
        return nature == Nature.LIST || nature == Nature.SECRET_LIST;
    }

    /** Whether its flag alone, without a value, means true. */
    public boolean isSwitch() {
        return nature == Nature.SWITCH;
    }

    public T parse(String text) throws Invalid {
        try {
            return parser.parse(text);
        } catch (Invalid refused) {
            throw Invalid.quotationMarks(text).orElse(refused);
        }
    }

    public String show(String text) {
        return display.apply(text);
    }

    public Optional<String> fallback(Values earlier) {
        return fallback.apply(earlier);
    }

    public Optional<Synonym> synonym() {
        return synonym;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A setting being written down. */
    public static final class Draft<T> {
        private final String name;
        private final Parser<T> parser;
        private List<String> flags = List.of();
        private List<String> adminFlags = List.of();
        private String label = "VALUE";
        private String help = "";
        private Nature nature = Nature.SINGLE;
        private UnaryOperator<String> display = UnaryOperator.identity();
        private Function<Values, Optional<String>> fallback = earlier -> Optional.empty();
        private String fallbackNote = "";
        private @Nullable Synonym synonym;
        private String storeName = "";

        private Draft(String name, Parser<T> parser) {
            this.name = name;
            this.parser = parser;
        }

        Draft<T> flags(String... names) {
            flags = List.of(names);
            return this;
        }

        Draft<T> storedAs(String nameInStores) {
            storeName = nameInStores;
            return this;
        }

        /** The flags of {@code whatsapp admin}, where {@code --port} is another port. */
        Draft<T> adminFlags(String... names) {
            adminFlags = List.of(names);
            return this;
        }

        Draft<T> label(String word) {
            label = word;
            return this;
        }

        Draft<T> help(String sentence) {
            help = sentence;
            return this;
        }

        public Draft<T> fallback(String text) {
            return fallback(text, earlier -> Optional.of(text));
        }

        /** A default that depends on settings that stand before this one; empty when those are wrong. */
        public Draft<T> fallback(String note, Function<Values, Optional<String>> derived) {
            fallbackNote = note;
            fallback = derived;
            return this;
        }

        /** What happens without a value, when no text could say it. */
        Draft<T> fallbackNote(String note) {
            fallbackNote = note;
            return this;
        }

        public Draft<T> nature(Nature kind) {
            nature = kind;
            return this;
        }

        Draft<T> show(UnaryOperator<String> mask) {
            display = mask;
            return this;
        }

        public Draft<T> synonym(String other, Predicate<String> counts) {
            synonym = new Synonym(other, counts);
            return this;
        }

        public Setting<T> in(List<Setting<?>> list) {
            var setting = new Setting<>(this);
            list.add(setting);
            return setting;
        }
    }
}
