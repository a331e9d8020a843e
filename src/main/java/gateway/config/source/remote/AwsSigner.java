package gateway.config.source.remote;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Requests to one service of AWS, or to a server that speaks its protocol, signed with this machine's key. */
public final class AwsSigner {
    private final SigV4 signature;
    private final AwsKeys keys;
    private final InstantSource clock;

    AwsSigner(String region, String service, AwsKeys keys, InstantSource clock) {
        this.signature = new SigV4(region, service);
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Signs with the key that the AWS tools would use.
     *
     * @throws IOException when the certificates of this machine cannot be read
     */
    public static AwsSigner of(Lookup lookup, String region, String service, InstantSource clock) throws IOException {
        return new AwsSigner(region, service, new AwsKeys(lookup, new JsonHttp(Optional.empty()), clock), clock);
    }

    /** The region that the AWS tools would use. */
    public static Optional<String> region(Lookup lookup) {
        return lookup.text("AWS_REGION").or(() -> lookup.text("AWS_DEFAULT_REGION"));
    }

    /**
     * A client for signed requests.
     *
     * @param lookup names in {@code AWS_CA_BUNDLE} the certificates that servers are trusted by; the system's when
     *     absent
     * @throws IOException when that file holds no certificate
     */
    public static HttpClient client(Lookup lookup) throws IOException {
        return JsonHttp.client(lookup.text("AWS_CA_BUNDLE").map(Path::of));
    }

    /**
     * Whether a server's address keeps what is sent to it from others: https, or http on this machine.
     *
     * @throws IOException with half a sentence and the remedy when it does not
     */
    public static URI secure(String setting, String address) throws IOException {
        return JsonHttp.secure(setting, address);
    }

    /** Whether a failure of {@link #signed} may be over by itself: whoever gives out the key is out of reach. */
    public static boolean isPassing(IOException failure) {
        return failure instanceof StoreTrouble trouble && trouble.isPassing();
    }

    /**
     * A request with its signature and without its method.
     *
     * @param hash of the body, SHA-256 in hexadecimal
     * @throws IOException when there is no key
     */
    public HttpRequest.Builder signed(String method, URI uri, Map<String, String> headers, String hash)
            throws IOException {
        var request = HttpRequest.newBuilder(uri);
        signature
                .sign(method, uri, headers, hash, keys.current(), clock.instant())
                .forEach(request::header);
        return request;
    }
}
