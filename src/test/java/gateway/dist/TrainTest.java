package gateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code src/build/train}, with a program that only writes down its environment and ends. */
class TrainTest {
    @Test
    void theTrainingHasNoSettingOfTheMachineThatBuilds(@TempDir Path home) throws Exception {
        var program = Files.writeString(
                home.resolve("whatsapp"),
                "#!/bin/sh\n[ \"$1\" = token ] || env >'" + home + "/seen'; [ \"$1\" = token ]\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var run = Run.of(
                    home,
                    List.of(
                            "env",
                            "WHATSAPP_WEBHOOK=https://hooks.example.net/",
                            "http_proxy=http://127.0.0.1:" + proxy.getLocalPort(),
                            Path.of("src/build/train").toAbsolutePath().toString(),
                            home.toString()));

            assertEquals(1, run.status());
            assertTrue(run.output().contains("did not become ready"), run.output());
            var seen = Files.readString(home.resolve("seen"));
            // No failure prints what was seen: it is the environment of whoever builds.
            assertTrue(seen.contains("WHATSAPP_WEB_URL=ws://127.0.0.1:1/"));
            assertFalse(seen.contains("hooks.example.net"));
            proxy.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, proxy::accept, "nobody asked the proxy");
        }
    }
}
