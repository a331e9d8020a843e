package gateway.check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * The first bytes of a client that knows only an old TLS (RFC 2246, RFC 4346), because the platform's own TLS no longer
 * sends them. The connection ends after the server's first bytes.
 */
final class ClientHello {
    /** The bytes of an answer that tell: the record's head, the message's head, and the server's version. */
    static final int ANSWER = 11;

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int RANDOM = 32;
    /** AES in CBC with SHA-1, by ECDHE with RSA and ECDSA, and by RSA: what old servers and clients shared. */
    private static final int[] SUITES = {0xc013, 0xc014, 0xc009, 0xc00a, 0x002f, 0x0035};

    private static final int[] GROUPS = {0x001d, 0x0017, 0x0018};
    private static final SecureRandom RANDOMNESS = new SecureRandom();

    private ClientHello() {}

    static byte[] of(String name, Evidence.OldTls version) {
        var body = new ByteArrayOutputStream();
        body.write(3);
        body.write(version.minor);
        var random = new byte[RANDOM];
        RANDOMNESS.nextBytes(random);
        body.writeBytes(random);
        body.write(0); // no session
        body.writeBytes(list(SUITES));
        body.write(1); // one compression: none
        body.write(0);
        var extensions = new ByteArrayOutputStream();
        extensions.writeBytes(extension(0, serverName(name)));
        extensions.writeBytes(extension(10, list(GROUPS)));
        extensions.writeBytes(extension(11, new byte[] {1, 0}));
        body.writeBytes(sized(2, extensions.toByteArray()));
        var message = new ByteArrayOutputStream();
        message.write(1); // client_hello
        message.writeBytes(sized(3, body.toByteArray()));
        var record = new ByteArrayOutputStream();
        record.write(HANDSHAKE);
        record.write(3);
        record.write(1);
        record.writeBytes(sized(2, message.toByteArray()));
        return record.toByteArray();
    }

    /** Whether the server chose the old version; an alert, an end or another version is a refusal. */
    static boolean isAccepted(byte[] answer, Evidence.OldTls version) {
        return answer.length == ANSWER
                && answer[0] == HANDSHAKE
                && answer[5] == SERVER_HELLO
                && answer[9] == 3
                && answer[10] == version.minor;
    }

    private static byte[] serverName(String name) {
        var entry = new ByteArrayOutputStream();
        entry.write(0); // host_name
        entry.writeBytes(sized(2, name.getBytes(StandardCharsets.US_ASCII)));
        return sized(2, entry.toByteArray());
    }

    private static byte[] extension(int type, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(type >> 8);
        out.write(type);
        out.writeBytes(sized(2, content));
        return out.toByteArray();
    }

    private static byte[] list(int[] numbers) {
        var out = new ByteArrayOutputStream();
        for (int number : numbers) {
            out.write(number >> 8);
            out.write(number);
        }
        return sized(2, out.toByteArray());
    }

    /** The content after its length in so many bytes. */
    private static byte[] sized(int bytes, byte[] content) {
        var out = new ByteArrayOutputStream();
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(content.length >> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
