package gateway.process;

/** Something that is needed is absent for now. The message is one sentence for the operator. */
public final class PassingFault extends ExplainedFault {
    public PassingFault(String message) {
        super(message);
    }

    public PassingFault(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isPassing() {
        return true;
    }
}
