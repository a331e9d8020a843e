package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Evidence.OldTls;
import gateway.check.Evidence.Request;

/** OpenSSL's server as the edge, strict and lax: what the probe of old versions and the handshake say of it. */
@Timeout(60)
class OldTlsTest {
    @TempDir
    Path folder;

    private final Machine machine = MachineTest.withoutGateway();

    @BeforeEach
    void certificate() throws Exception {
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=gw.example"
                + " -addext subjectAltName=DNS:gw.example");
    }

    /** A running server and its port. */
    private record Openssl(Process process, int port) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Openssl server(String... options) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", "key.pem", "-cert", "cert.pem", "-www"));
        words.addAll(List.of(options));
        var process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("ACCEPT ")) {
                return new Openssl(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
            }
        }
        process.waitFor(5, TimeUnit.SECONDS);
        throw new IllegalStateException("openssl s_server did not start");
    }

    @Test
    void aServerWithAnOldVersionIsFoundOut() throws Exception {
        try (var lax = server("-tls1", "-cipher", "ALL:@SECLEVEL=0")) {
            assertTrue(machine.acceptsOldTls(lax.port(), "gw.example", OldTls.TLS_1_0));
        }
        try (var lax = server("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            assertTrue(machine.acceptsOldTls(lax.port(), "gw.example", OldTls.TLS_1_1));
        }
    }

    /** Let's Encrypt issues ECDSA by default. */
    @Test
    void aCertificateOfAKnownAuthorityIsTrustedWhateverItsKeyIs() throws Exception {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2"
                + " -subj /CN=authority -addext keyUsage=keyCertSign");
        for (var kind : List.of("ec -pkeyopt ec_paramgen_curve:P-256", "rsa:2048")) {
            openssl("req -x509 -newkey " + kind + " -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=gw.example"
                    + " -CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:gw.example -addext"
                    + " basicConstraints=critical,CA:FALSE -addext keyUsage=digitalSignature");
            Files.deleteIfExists(folder.resolve("trust.p12"));
            run(new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    "ca",
                    "-file",
                    "ca.pem",
                    "-keystore",
                    "trust.p12",
                    "-storepass",
                    "changeit"));
            System.setProperty(
                    "javax.net.ssl.trustStore", folder.resolve("trust.p12").toString());
            System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
            try (var edge = server("-no_tls1_2")) {
                assertEquals(
                        Optional.empty(),
                        machine.tls(edge.port(), "gw.example", "TLSv1.3").trouble(),
                        kind);
            } finally {
                System.clearProperty("javax.net.ssl.trustStore");
                System.clearProperty("javax.net.ssl.trustStorePassword");
            }
        }
    }

    private void openssl(String words) throws Exception {
        run(new ProcessBuilder(("openssl " + words).split(" ")));
    }

    private void run(ProcessBuilder program) throws Exception {
        var log = folder.resolve("made.log").toFile();
        var made = program.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertEquals(0, made.waitFor(), () -> "see " + log);
    }

    @Test
    void aStrictServerRefusesBothAndSpeaksTheNewOnes() throws Exception {
        try (var strict = server("-no_tls1", "-no_tls1_1")) {
            assertFalse(machine.acceptsOldTls(strict.port(), "gw.example", OldTls.TLS_1_0));
            assertFalse(machine.acceptsOldTls(strict.port(), "gw.example", OldTls.TLS_1_1));
            for (var version : List.of("TLSv1.2", "TLSv1.3")) {
                var handshake = machine.tls(strict.port(), "gw.example", version);
                assertEquals(version, handshake.version());
                assertEquals(
                        "CN=gw.example",
                        handshake.chain().getFirst().getSubjectX500Principal().getName());
                assertTrue(handshake.trouble().isPresent(), "nobody knows who issued it");
            }
            var reply = machine.http(new Request(strict.port(), true, "gw.example", "/"));
            assertEquals(200, reply.status());
        }
    }
}
