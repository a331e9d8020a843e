package gateway.command;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;

import gateway.config.catalogue.SecretKind;

/** The names of secrets that a shell completes: each kind, and all of them. */
final class SecretNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Stream.concat(Arrays.stream(SecretKind.values()).map(SecretKind::label), Stream.of("all"))
                .iterator();
    }
}
