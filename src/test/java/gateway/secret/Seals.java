package gateway.secret;

import java.nio.file.Path;
import java.time.InstantSource;

import gateway.store.Store;

/** Envelope encryption for a test, its key in a file of the test's directory. */
public final class Seals {
    private Seals() {}

    public static Sealing of(Store store, Path directory) {
        return new Sealing(
                store,
                KeyRing.file(directory.resolve("encryption.key")),
                directory.resolve("webhook.key"),
                InstantSource.system());
    }
}
