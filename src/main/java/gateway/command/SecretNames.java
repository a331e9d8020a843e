package gateway.command;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;

import gateway.config.catalogue.SecretKind;

/** The names of the kinds of secrets, as a shell completes them and an error lists them. */
final class SecretNames implements Iterable<String> {
    private static Stream<String> labels() {
        return Arrays.stream(SecretKind.values()).map(SecretKind::label);
    }

    @Override
    public Iterator<String> iterator() {
        return labels().iterator();
    }

    /** The same names, and the word for all of them. */
    static final class WithAll implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(labels(), Stream.of("all")).iterator();
        }
    }
}
