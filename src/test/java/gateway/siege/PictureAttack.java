package gateway.siege;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Pictures that cost a decoder much, uploaded by somebody who has a credential. */
record PictureAttack(String name, int attackers, List<byte[]> pictures) implements Attack {
    private static final String BOUNDARY = "siege-boundary";

    @Override
    public void run(Target target, long deadline) throws Exception {
        Swarm.run(attackers, deadline, i -> {
            var request = upload(pictures.get(i % pictures.size()));
            try (var socket = target.open()) {
                socket.getOutputStream().write(request);
                // The answer's first bytes are enough: the connection says that it closes.
                socket.getInputStream().readAllBytes();
            }
        });
    }

    private static byte[] upload(byte[] picture) throws IOException {
        var body = new ByteArrayOutputStream();
        body.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n6281234567890\r\n--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"compress\"\r\n\r\ntrue\r\n--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.write(picture);
        body.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        var all = new ByteArrayOutputStream();
        all.write(("POST /send/image HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: "
                        + Target.authorization(Target.ATTACKER).get("Authorization")
                        + "\r\nContent-Type: multipart/form-data; boundary="
                        + BOUNDARY + "\r\nContent-Length: " + body.size() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.writeTo(all);
        return all.toByteArray();
    }
}
