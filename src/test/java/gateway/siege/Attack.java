package gateway.siege;

import java.util.Map;

/** One way of keeping the gateway from its work, which goes on until a deadline. */
interface Attack {

    /** The key of the attack in {@code target/siege.json}. */
    String name();

    /** Settings that the gateway under this attack needs beside those of every siege. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Whether the attack comes from the good client's own address. */
    default boolean fromGoodAddress() {
        return false;
    }

    /** Lays out what the attack needs, before the good client is measured. */
    default void prepare(Target target) throws Exception {}

    /**
     * Attacks until the deadline. Refusals and broken connections are the gateway's right and end nothing.
     *
     * @param deadline by {@link System#nanoTime()}
     */
    void run(Target target, long deadline) throws Exception;

    /**
     * What did not hold besides the good client's figures, as a sentence; empty when all held. Asked after the attack,
     * while the gateway is up.
     */
    default String finding(Target target) throws Exception {
        return "";
    }
}
