package gateway.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** A throwaway authority and a server certificate of its, made by the JDK's own keytool when the tests run. */
public final class Certificates {
    private static final char[] PASSWORD = "throwaway".toCharArray();

    private Certificates() {}

    /**
     * Leaves {@code <name>.crt} (the authority's) and {@code server.crt}, {@code server.key} in the folder, all PEM.
     */
    public static void make(Path folder, String name) throws Exception {
        var authority = folder.resolve(name + ".p12");
        var server = folder.resolve("server.p12");
        keytool(
                authority,
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c=ca:true");
        keytool(server, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost");
        var request = folder.resolve("server.csr");
        keytool(server, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                authority,
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                folder.resolve("server.crt").toString(),
                "-rfc",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1");
        keytool(
                authority,
                "-exportcert",
                "-alias",
                "ca",
                "-rfc",
                "-file",
                folder.resolve(name + ".crt").toString());
        var store = KeyStore.getInstance(server.toFile(), PASSWORD);
        var key = Base64.getMimeEncoder(64, "\n".getBytes())
                .encodeToString(store.getKey("server", PASSWORD).getEncoded());
        Files.writeString(
                folder.resolve("server.key"), "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    }

    private static void keytool(Path keystore, String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
                        .toString()),
                Stream.concat(
                        Stream.of(arguments),
                        Stream.of("-keystore", keystore.toString(), "-storepass", new String(PASSWORD))));
        var process =
                new ProcessBuilder(command.toList()).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool " + List.of(arguments) + ": " + output);
        }
    }
}
