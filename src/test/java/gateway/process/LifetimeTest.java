package gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Role;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;

/** A process of its own that is told to stop in the moments before it begins. */
@Timeout(60)
class LifetimeTest {
    /** Ends at once, and begins a lifetime while it ends. */
    static final class Stopping {
        public static void main(String[] args) {
            var settings = new SettingsReader(
                            Role.REST,
                            new Flags(Map.of()),
                            Map.of("APP_BASIC_AUTH", "admin:wharf-lantern-oblique-71-tundra"),
                            Path.of(args[0]))
                    .read()
                    .settings()
                    .orElseThrow();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                int code = Lifetime.of(settings, parts -> {
                    throw new IllegalStateException("it was begun");
                });
                System.out.println("ended with " + code);
            }));
        }
    }

    @Test
    void aStopBeforeTheBeginningIsAnOrderlyOne(@TempDir Path folder) throws Exception {
        var program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopping.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        program.waitFor(30, TimeUnit.SECONDS);
        assertEquals("ended with 0", said.strip());
        assertEquals(0, program.exitValue());
    }
}
