package gateway.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

import gateway.budget.BudgetSpent;
import gateway.budget.MemoryBudget;

/**
 * A filter that gives each request its share of the memory budget and takes the share back once the reply is written. A
 * spent budget is answered 503 with {@code Retry-After}.
 */
public final class Allowance implements Filter {
    private final MemoryBudget budget;

    public Allowance(MemoryBudget budget) {
        this.budget = budget;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try (var share = budget.share()) {
            share.during(chain::proceed);
        } catch (BudgetSpent | OutOfMemoryError spent) {
            throw problem();
        }
    }

    /** The 503 of a request for which there is no memory or no processor time at the moment. */
    public static Problem problem() {
        return Problem.unavailable(
                "The server is busy with other large requests at this moment; ask again.", BudgetSpent.RETRY_SECONDS);
    }
}
