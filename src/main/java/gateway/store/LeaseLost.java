package gateway.store;

/** Another node serves the account now. The write was not kept, and whoever tried it stops. */
public final class LeaseLost extends RuntimeException {
    public LeaseLost(String device) {
        super("the account " + device + " is served by another node now", null, false, false);
    }
}
