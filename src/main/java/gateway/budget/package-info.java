/**
 * What one request may take of the process: memory, by {@link gateway.budget.MemoryBudget}, and processor time, by
 * {@link gateway.budget.Workbench}. Whoever finds them spent is refused with {@link gateway.budget.BudgetSpent}.
 */
@NullMarked
package gateway.budget;

import org.jspecify.annotations.NullMarked;
