package gateway.api;

/** A request that must be refused, and the field the refusal must name; empty when it is the body as a whole. */
record Bad(String what, String field, java.util.function.Supplier<ApiRig.Reply> request) {
    /** Longer than any text field may be. */
    static final String LONG = "x".repeat(10_000);
}
