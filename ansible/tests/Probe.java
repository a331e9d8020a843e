import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What an intruder inside the gateway's process would try, with the powers of root so that only the confinement can say no.
 * {@code Probe forbidden} prints {@code denied NAME} or {@code allowed NAME} for each; {@code Probe connect HOST PORT},
 * {@code Probe bind PORT} and
 * {@code Probe bus} end with 0 when the kernel lets them.
 */
public class Probe {
    private interface Attempt {
        void make() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "forbidden" -> forbidden();
            case "connect" -> {
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), 5_000);
                }
            }
            case "bind" -> new ServerSocket(Integer.parseInt(arguments[1])).close();
            case "bus" -> {
                try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    channel.connect(UnixDomainSocketAddress.of("/run/dbus/system_bus_socket"));
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void forbidden() {
        attempt("start a shell", () -> new ProcessBuilder("/bin/sh", "-c", "true").start());
        attempt("start any program", () -> new ProcessBuilder("/usr/bin/id").start());
        attempt("start itself again", () -> new ProcessBuilder("/opt/whatsapp/runtime/bin/java", "-version").start());
        attempt("read the password hashes", () -> Files.readAllBytes(Path.of("/etc/shadow")));
        attempt("list root's home", () -> Files.list(Path.of("/root")).close());
        attempt("list the homes", () -> Files.list(Path.of("/home")).close());
        attempt("read the host key of ssh", () -> Files.readAllBytes(Path.of("/etc/ssh/ssh_host_ed25519_key")));
        attempt("read the edge's private key", () -> Files.readAllBytes(Path.of("/etc/ssl/whatsapp/privkey.pem")));
        attempt("read the key of the credential store", () -> Files.readAllBytes(Path.of("/var/lib/systemd/credential.secret")));
        attempt("read the encrypted credentials", () -> Files.readAllBytes(Path.of("/etc/credstore.encrypted/whatsapp.app-basic-auth")));
        attempt("add to its own code", () -> Files.writeString(Path.of("/opt/whatsapp/lib/probe.jar"), "x"));
        attempt("replace its runtime", () -> Files.writeString(Path.of("/opt/whatsapp/runtime/bin/probe"), "x"));
        attempt("add a cron job", () -> Files.writeString(Path.of("/etc/cron.d/probe"), "x"));
        attempt("add a unit", () -> Files.writeString(Path.of("/etc/systemd/system/probe.service"), "x"));
        attempt("change its confinement", () -> Files.writeString(Path.of("/etc/apparmor.d/probe"), "x"));
        attempt("change the kernel's settings", () -> Files.writeString(Path.of("/proc/sys/kernel/core_pattern"), "core"));
        attempt("read another process's environment", () -> Files.readAllBytes(Path.of("/proc/1/environ")));
        attempt("read the audit log", () -> Files.newInputStream(Path.of("/var/log/audit/audit.log")).close());
        attempt("load a library from /tmp", () -> {
            Path library = Path.of("/tmp/probe.so");
            Files.copy(Path.of("/opt/whatsapp/lib/native/libsqlitejdbc.so"), library, StandardCopyOption.REPLACE_EXISTING);
            try {
                System.load(library.toString());
            } catch (UnsatisfiedLinkError e) {
                throw new IOException(e.getMessage());
            } catch (NoClassDefFoundError mappedAndRun) {
                return;
            }
        });
    }

    private static void attempt(String name, Attempt attempt) {
        try {
            attempt.make();
            System.out.println("allowed " + name);
        } catch (Exception e) {
            System.out.println("denied " + name);
        }
    }
}
