package gateway.check;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.audit.AuditVerifier;
import gateway.config.reading.Configuration;
import gateway.process.OwnProbes;

/**
 * The only way of a check to the machine. Everything is read, nothing is changed; each method throws {@link Unseen} when
 * it cannot look, which is not the same as an absent file.
 */
public interface Evidence {
    /** How far two clocks may be apart: a time that is further ahead is from the future. */
    Duration CLOCKS = Duration.ofMinutes(5);

    /** The address that requests of checks come from: no client has it, so no client waits for them. */
    String PROBES = OwnProbes.ADDRESS;

    /** The address of the one burst that meets the limit of an address. */
    String BURST = OwnProbes.BURST;

    /** The time of the machine. */
    Instant now();

    /** The settings of the gateway with their origins. */
    Configuration configuration();

    /** What the file system says of a file; empty when there is none. No link is followed at the path's end. */
    Optional<FileFacts> file(Path path);

    /** The text of a file of at most 1 MiB; empty when there is none. */
    Optional<String> text(Path path);

    /** The first bytes of a file that is there. */
    byte[] head(Path path, int bytes);

    /** The last bytes of a file that is there, as text; its first line may be cut. */
    String tail(Path path, int bytes);

    /** The SHA-256 of a file that is there, in hexadecimal. */
    String sha256(Path path);

    /** What a directory holds, in the order of names; empty when there is no such directory. */
    List<Path> list(Path directory);

    /** What a program of the machine prints, with its exit code. */
    Output run(String... command);

    /** The reply to a request on loopback. */
    Reply http(Request request);

    /** A TLS handshake on loopback with this version alone. */
    Handshake tls(int port, String name, String version);

    /** A TLS handshake with the public address of a name: the only call that leaves this machine. */
    Handshake outside(int port, String name);

    /** Whether a server on loopback goes on with a hello that offers nothing newer than a version of TLS. */
    boolean acceptsOldTls(int port, String name, OldTls version);

    /** The walk over the whole security log. */
    AuditVerifier.Report securityLog();

    /** What a person attested about an item; empty when nobody did. */
    Optional<Attestation.Found> attestation(String item);

    /** Rows of the gateway's own database, each value as text. Only SQLite is asked. */
    List<List<String>> rows(String sql);

    /**
     * What the file system says of a file.
     *
     * @param kind  {@code file}, {@code directory}, {@code link} or {@code other}
     * @param owner name, or the number when it has none
     * @param mode  the nine bits of permission
     */
    record FileFacts(String kind, String owner, String group, int mode, long size, Instant modified) {
        /** Whether others than the owner and its group may do anything. */
        boolean isOpenToOthers() {
            return (mode & 0007) != 0;
        }

        /** Whether the owner alone may do anything. */
        boolean isOwnersOnly() {
            return (mode & 0077) == 0;
        }

        /** The permission as {@code chmod} takes it. */
        String octal() {
            return String.format("%04o", mode);
        }
    }

    /** What a program printed on both streams, and its exit code. */
    record Output(int exit, String text) {}

    /**
     * A request without a body, or with one.
     *
     * @param name    the server's name for TLS and {@code Host}; plain HTTP to the address when {@code tls} is false
     * @param line    the target of a GET, or a whole first line
     * @param headers further headers, as they stand on the wire
     * @param from    the address of loopback that the request comes from
     */
    record Request(int port, boolean tls, String name, String line, List<String> headers, String body, String from) {
        /** A GET of the checks' own address. */
        Request(int port, boolean tls, String name, String line) {
            this(port, tls, name, line, List.of(), "", PROBES);
        }

        Request with(String... more) {
            return new Request(port, tls, name, line, List.of(more), body, from);
        }

        Request body(String text) {
            return new Request(port, tls, name, line, headers, text, from);
        }

        Request from(String address) {
            return new Request(port, tls, name, line, headers, body, address);
        }
    }

    /** A reply; names of headers are in lower case. */
    record Reply(int status, Map<String, String> headers, String body) {}

    /** The versions of TLS that RFC 8996 forbids. */
    enum OldTls {
        TLS_1_0(1),
        TLS_1_1(2);

        final int minor;

        OldTls(int minor) {
            this.minor = minor;
        }

        @Override
        public String toString() {
            return "TLS 1." + (minor - 1);
        }
    }

    /**
     * A finished handshake.
     *
     * @param chain   the certificates, the server's own first
     * @param trouble why the machine's trust store does not trust the chain; empty when it does
     */
    record Handshake(String version, List<X509Certificate> chain, Optional<String> trouble) {}
}
