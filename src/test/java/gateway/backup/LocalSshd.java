package gateway.backup;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** OpenSSH's server on a free port of this machine, for the user of this test, with keys of its own. */
final class LocalSshd implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Process process;

    /** @param folder takes keys and settings; nothing of the machine's own OpenSSH is used */
    LocalSshd(Path folder) throws Exception {
        this.folder = folder;
        for (var name : List.of("host", "key", "stranger")) {
            Gnupg.shell(
                    List.of("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name), folder);
        }
        Files.copy(folder.resolve("key.pub"), folder.resolve("authorized"));
        if (System.getProperty("user.name").equals("root")) {
            // The server's own part without rights lives there, and the package makes it at a boot only.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        port = free();
        write("known", "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("host.pub")));
        write("strange", "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("stranger.pub")));
        write("settings", """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/host
                AuthorizedKeysFile %s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                Subsystem sftp internal-sftp
                """.formatted(port, folder, folder));
        process = new ProcessBuilder(
                        "/usr/sbin/sshd",
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("settings").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(this::listens);
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    /** The address of a directory on the server. */
    String address(Path directory, String key, String knownHosts) {
        return "sftp://%s@127.0.0.1:%d%s?key=%s&known-hosts=%s"
                .formatted(
                        System.getProperty("user.name"),
                        port,
                        directory,
                        folder.resolve(key),
                        folder.resolve(knownHosts));
    }

    @Override
    public void close() throws Exception {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
