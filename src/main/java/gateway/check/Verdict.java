package gateway.check;

/** What a check came to, with the evidence that it saw. A remedy is a command. */
public sealed interface Verdict {

    /** What was seen, in one sentence without a secret. */
    String evidence();

    /** The verdict in words, such as {@code not applicable}. */
    default String word() {
        return Report.Kind.of(this).text().replace('_', ' ');
    }

    /** The command that helps; empty when nothing has to be done. */
    default String remedy() {
        return "";
    }

    /** The demand is met. */
    record Pass(String evidence) implements Verdict {}

    /** The demand is met in part. */
    record Warn(String evidence, String remedy) implements Verdict {}

    /** The demand is not met. */
    record Fail(String evidence, String remedy) implements Verdict {}

    /** The demand has no object on this machine; the evidence says why. */
    record NotApplicable(String evidence) implements Verdict {}

    /** The check could not look; the evidence says why. */
    record Unknown(String evidence, String remedy) implements Verdict {}

    /** A pass when nothing is wrong, otherwise a failure with all that is wrong. */
    static Verdict of(java.util.List<String> wrong, String good, String remedy) {
        return wrong.isEmpty() ? new Pass(good) : new Fail(String.join("; ", wrong), remedy);
    }
}
