package gateway.api;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which each has a gateway of its own, whose account is paired. */
abstract class PairedRig {
    @TempDir
    Path directory;

    ApiRig rig;

    @BeforeEach
    void open() {
        rig = new ApiRig(directory).paired();
    }

    @AfterEach
    void close() {
        rig.close();
    }
}
