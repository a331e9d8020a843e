package gateway.backup;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests that have GnuPG with a key pair called {@code ops}, made once for all of a class. */
abstract class WithKeyring {
    @TempDir
    static Path keyring;

    static Gnupg gpg;

    @BeforeAll
    static void keys() throws Exception {
        gpg = new Gnupg(keyring);
        gpg.key("ops");
    }

    @AfterAll
    static void end() throws Exception {
        gpg.close();
    }
}
