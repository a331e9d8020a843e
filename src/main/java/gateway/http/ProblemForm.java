package gateway.http;

/** How a listener writes a refusal down for its clients, as JSON in UTF-8. */
@FunctionalInterface
public interface ProblemForm {
    /** The REST API's {@link Envelope}. */
    ProblemForm ENVELOPE = problem -> Envelope.bytes(problem.code(), problem.getMessage(), null);

    byte[] bytes(Problem problem);
}
