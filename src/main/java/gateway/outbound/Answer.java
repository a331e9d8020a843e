package gateway.outbound;

/**
 * What a receiver answered.
 *
 * @param status 200 to 599
 * @param retryAfter the {@code Retry-After} header as written, or empty
 * @param body its first bytes, see {@link GuardedClient}
 */
public record Answer(int status, String retryAfter, byte[] body) {
    public boolean accepted() {
        return status >= 200 && status < 300;
    }
}
