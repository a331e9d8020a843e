package gateway.store;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements of the program: each constant of its compiled classes that begins as one does, blanks made single. */
final class Statements {
    private static final Pattern BEGINNING = Pattern.compile("(?:SELECT|INSERT|UPDATE|DELETE|WITH) [\\s\\S]*");
    /** What a constant has where a value is put in: the compiler's own mark, and those of {@code formatted}. */
    private static final Pattern GAP = Pattern.compile("\u0001|%s|%\\d\\$s");

    private Statements() {}

    static Set<String> all() {
        try (var files = Files.walk(classes())) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .flatMap(Statements::texts)
                    .map(Statements::plain)
                    .filter(text -> BEGINNING.matcher(text).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(
                Store.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Stream<String> texts(Path file) {
        try {
            var texts = Stream.<String>builder();
            for (var entry : ClassFile.of().parse(file).constantPool()) {
                if (entry instanceof StringEntry text) {
                    texts.add(text.stringValue());
                }
            }
            return texts.build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** Whether a part of it is put in when the program runs. */
    static boolean isOpen(String statement) {
        return GAP.matcher(statement).find();
    }

    /** Whether the whole statement is one that the open one becomes, or begins as. */
    static boolean becomes(String open, String whole) {
        var form = Stream.of(GAP.split(open, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(form + ".*").matcher(whole).matches();
    }
}
