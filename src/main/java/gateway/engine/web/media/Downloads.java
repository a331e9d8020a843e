package gateway.engine.web.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.CipherInputStream;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** Fetches files from the media hosts. A file is in memory as it travels, encrypted, and is opened as a stream. */
public final class Downloads {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int FOUND = 200;
    private static final int MIN_GONE = 400;
    private static final int MAX_GONE = 499;
    private static final int TOO_MANY = 429;
    /** A host of a twin: it is on this machine, and speaks plain HTTP. */
    private static final Pattern LOOPBACK = Pattern.compile("127\\.0\\.0\\.1:[0-9]{1,5}");

    /** A name in WhatsApp's own domains: nobody may send this program to an address of the inner network. */
    private static final Pattern WHATSAPP = Pattern.compile(
            "(?:[a-z0-9-]+\\.)+(?:whatsapp\\.net|whatsapp\\.com|fbcdn\\.net)", Pattern.CASE_INSENSITIVE);

    private final Supplier<HttpClient> client;
    private final boolean twin;
    private final Duration patience;

    /**
     * @param client goes the account's way at each moment
     * @param twin   whether hosts on loopback may be asked, as a twin names them
     */
    public Downloads(Supplier<HttpClient> client, boolean twin) {
        this(client, twin, PATIENCE);
    }

    /** @param patience how long one host may take for a whole file */
    Downloads(Supplier<HttpClient> client, boolean twin, Duration patience) {
        this.client = client;
        this.twin = twin;
        this.patience = patience;
    }

    /**
     * Fetches a file, and checks it whole before the first byte is read.
     *
     * @param maxBytes the longest file that is taken
     * @return the file; the stream needs no closing
     * @throws WireRefusal ({@code OVERSIZED}, {@code BAD_MAC}, {@code BAD_HASH}, {@code MALFORMED}) when the file is
     *     not the one that was named, or no host has it any more
     * @throws IOException when no host answers now
     */
    public InputStream open(MediaHosts hosts, SealedFile file, int maxBytes)
            throws IOException, InterruptedException, WireRefusal {
        if (file.length() < 0 || file.length() > maxBytes) {
            throw new WireRefusal(Reason.OVERSIZED, "a file of " + file.length() + " bytes");
        }
        MediaKeys keys = MediaKeys.of(file.mediaKey(), file.kind());
        byte[] upload = upload(hosts, file, maxBytes);
        MediaCipher.decrypt(
                new ByteArrayInputStream(upload),
                OutputStream.nullOutputStream(),
                keys,
                new MediaCipher.Expected(file.fileSha256(), Optional.of(file.fileEncSha256()), maxBytes));
        return new CipherInputStream(
                new ByteArrayInputStream(upload, 0, upload.length - MediaCipher.MAC_BYTES), MediaCipher.opening(keys));
    }

    private byte[] upload(MediaHosts hosts, SealedFile file, int maxBytes)
            throws IOException, InterruptedException, WireRefusal {
        IOException last = new IOException("no media host could be asked");
        for (String host : hosts.names()) {
            if (!isTwin(host) && !WHATSAPP.matcher(host).matches()) {
                last = new IOException("a media host is not of WhatsApp");
                continue;
            }
            try {
                long began = System.nanoTime();
                HttpResponse<InputStream> answer = client.get()
                        .send(
                                HttpRequest.newBuilder(address(host, file))
                                        .timeout(patience)
                                        .GET()
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = answer.body()) {
                    int status = answer.statusCode();
                    if (status == FOUND) {
                        Duration left = patience.minusNanos(System.nanoTime() - began);
                        return read(body, left, file.length() > 0 ? (int) file.length() : maxBytes);
                    }
                    if (status >= MIN_GONE && status <= MAX_GONE && status != TOO_MANY) {
                        throw new WireRefusal(Reason.MALFORMED, "the file is not there any more: " + status);
                    }
                    last = new IOException("a media host answered " + status);
                }
            } catch (IOException e) {
                last = e;
            } catch (UncheckedIOException e) {
                // The account's proxy has no address that may be connected to.
                last = e.getCause();
            }
        }
        throw last;
    }

    private boolean isTwin(String host) {
        return twin && LOOPBACK.matcher(host).matches();
    }

    private URI address(String host, SealedFile file) throws WireRefusal {
        if (isTwin(host)) {
            URI remote = MediaUrls.download("media", file.path(), file.kind(), file.fileEncSha256());
            return URI.create("http://" + host + remote.getRawPath() + "?" + remote.getRawQuery());
        }
        return MediaUrls.download(host, file.path(), file.kind(), file.fileEncSha256());
    }

    private static byte[] read(InputStream body, Duration patience, int fileBytes) throws IOException, WireRefusal {
        Thread watch = Thread.ofVirtual().name("web-media-watch").start(() -> {
            try {
                Thread.sleep(patience);
                body.close(); // The reader fails: a host that stops in the middle must not hold up all accounts.
            } catch (InterruptedException | IOException _) {
                // The file is there, or the connection is closed already.
            }
        });
        try {
            byte[] upload = body.readNBytes(fileBytes + MediaCipher.MAX_OVERHEAD_BYTES);
            if (body.read() >= 0) {
                throw new WireRefusal(Reason.OVERSIZED, "the file is longer than " + fileBytes + " bytes");
            }
            return upload;
        } finally {
            watch.interrupt();
        }
    }
}
