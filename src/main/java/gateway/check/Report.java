package gateway.check;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import gateway.check.Check.Phase;
import gateway.check.Check.Severity;
import gateway.check.CheckRun.Result;
import gateway.process.ExitCode;

/**
 * What one run found. It speaks of the checks that ran and of no other item.
 *
 * @param phase the phase that was asked for; empty when none was named
 * @param since what is different since the report before; empty when the report is not kept
 * @param ends  when the attestation of an item ends, by the item's id
 */
public record Report(
        Instant time,
        String version,
        Optional<Phase> phase,
        List<Result> results,
        Optional<Since> since,
        Map<String, Instant> ends) {
    /** The verdicts' kinds, the best one first. */
    public enum Kind {
        PASS,
        NOT_APPLICABLE,
        UNKNOWN,
        WARN,
        FAIL;

        /** The kind in lower case, such as {@code not_applicable}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a verdict. */
        public static Kind of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Pass _ -> PASS;
                case Verdict.NotApplicable _ -> NOT_APPLICABLE;
                case Verdict.Unknown _ -> UNKNOWN;
                case Verdict.Warn _ -> WARN;
                case Verdict.Fail _ -> FAIL;
            };
        }
    }

    /** What a person still has to do about an item, as a command. */
    public record ToDo(String item, String demand, String command) {}

    public Report {
        results = List.copyOf(results);
        ends = Map.copyOf(ends);
    }

    /** A report that is not kept. */
    public Report(Instant time, String version, Optional<Phase> phase, List<Result> results) {
        this(time, version, phase, results, Optional.empty(), Map.of());
    }

    /** What a person still has to do. */
    public List<ToDo> toDo() {
        return results.stream()
                .filter(result -> result.check().area() == Check.Area.PEOPLE && Kind.of(result.verdict()) != Kind.PASS)
                .flatMap(result -> result.check().ids().stream()
                        .map(id -> new ToDo(
                                id, Item.of(id).demand(), result.verdict().remedy())))
                .toList();
    }

    /** The exit code. After a deployment, what is grave and could not be looked at fails. */
    public int exitCode() {
        int code = ExitCode.DONE;
        for (var result : results) {
            var kind = Kind.of(result.verdict());
            if (kind == Kind.FAIL || isGrave(result)) {
                return ExitCode.FAILED;
            }
            if (kind == Kind.WARN || kind == Kind.UNKNOWN) {
                code = ExitCode.UNCERTAIN;
            }
        }
        return code;
    }

    /** Whether an unknown verdict counts as a failure in this run. */
    public boolean isGrave(Result result) {
        return phase.filter(Phase.POST::equals).isPresent()
                && Kind.of(result.verdict()) == Kind.UNKNOWN
                && result.check().severity() == Severity.HIGH;
    }

    /** How many checks came to each kind of verdict. */
    public Map<Kind, Long> counts() {
        var counts = new EnumMap<Kind, Long>(Kind.class);
        for (var kind : Kind.values()) {
            counts.put(
                    kind,
                    results.stream()
                            .filter(result -> Kind.of(result.verdict()) == kind)
                            .count());
        }
        return counts;
    }

    /** Items that a check of this run is about. */
    public long items() {
        return results.stream()
                .flatMap(result -> result.check().ids().stream())
                .distinct()
                .count();
    }

    /** Items that some check is built for. */
    public static long built() {
        return Checks.byItem().values().stream()
                .filter(checks -> !checks.isEmpty())
                .count();
    }

    /** What the run is worth, in one sentence: how many items it is about, and how many have a check. */
    public String scope() {
        return "This run is about " + items() + " of the guides' " + Item.all().size() + " items; " + built()
                + " have a check. Beside them the guides have "
                + FurtherLine.all().size() + " further lines; for "
                + FurtherLine.notBuilt().size() + " no check is built.";
    }

    /** The counts in one line. */
    public String summary() {
        var counts = counts();
        return counts.get(Kind.PASS) + " pass, " + counts.get(Kind.WARN) + " warn, " + counts.get(Kind.FAIL)
                + " fail, " + counts.get(Kind.UNKNOWN) + " unknown, " + counts.get(Kind.NOT_APPLICABLE)
                + " not applicable.";
    }
}
