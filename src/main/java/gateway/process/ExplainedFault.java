package gateway.process;

import org.jspecify.annotations.Nullable;

/**
 * A failure that only a person can end. The message is one sentence for the operator, with the remedy. Every other
 * {@link IllegalStateException} is an error of the program, and is not explained by its message.
 */
public class ExplainedFault extends IllegalStateException implements Fault {
    public ExplainedFault(String message) {
        super(message);
    }

    public ExplainedFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isPassing() {
        return false;
    }
}
