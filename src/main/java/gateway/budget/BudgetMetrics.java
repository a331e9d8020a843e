package gateway.budget;

/** What the budget counts; names and help texts are in {@code gateway.metrics}. */
public interface BudgetMetrics {
    /** For a budget whose figures nobody wants. */
    BudgetMetrics NONE = new BudgetMetrics() {};

    /** A request was refused because the budget was spent. */
    default void refused(BudgetSpent.Cause what) {}

    /** The connection of a client was closed because the client read a large reply too slowly. */
    default void slowReader() {}
}
