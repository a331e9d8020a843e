package gateway.webhook;

/**
 * What deliveries taught about an endpoint.
 *
 * @param failingSince first failure after the last success, epoch milliseconds; 0 = none
 * @param disabledAt when the gateway gave it up; 0 = it did not
 * @param disabledWhy one sentence, or empty
 * @param acceptedSecret fingerprint of the secret the receiver last proved to know during a rotation, or empty
 */
record Health(long failingSince, long disabledAt, String disabledWhy, String acceptedSecret) {
    static final Health UNKNOWN = new Health(0, 0, "", "");

    boolean disabled() {
        return disabledAt > 0;
    }
}
