package gateway;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The seconds that a test waits for what must come, when it names none: 60. The bound is no promise of the program; on
 * a machine with other work than the tests, ten seconds are over before a process has started. JUnit finds the class by
 * its service file.
 */
public final class Patience implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }
}
