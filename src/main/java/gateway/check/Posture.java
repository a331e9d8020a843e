package gateway.check;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.check.Check.Phase;
import gateway.check.Report.Kind;

/**
 * The posture of this machine: what its kept reports and its attestations say.
 *
 * @param made     when the reports were read
 * @param nothing  why there is no report to speak of; empty when there is one
 * @param answers  the newest answer of each check, over the newest reports of all phases
 * @param compared the report of an earlier day that the newest daily report is compared with; empty when there is none
 * @param changes  what is different since the compared report, one sentence for each
 * @param said     each item that a person attests
 * @param due      for each phase with a timer, when its next report has to be there
 * @param trend    the days that have a daily report, the oldest one first
 * @param troubles what is wrong with the reports themselves, one sentence for each
 */
public record Posture(
        Instant made,
        Optional<String> nothing,
        List<Answer> answers,
        Optional<Instant> compared,
        List<String> changes,
        List<Said> said,
        List<Due> due,
        List<Day> trend,
        List<String> troubles) {
    /**
     * A check with its verdict, as a report has them.
     *
     * @param seen when that report was made
     */
    public record Answer(
            String name,
            String area,
            String severity,
            List<String> ids,
            Kind verdict,
            String evidence,
            String remedy,
            Instant seen) {
        public Answer {
            ids = List.copyOf(ids);
        }
    }

    /** The state of an attestation. */
    public enum Standing {
        HOLDS,
        ENDS_SOON,
        OVER,
        ABSENT,
        NOT_VALID,
        UNREADABLE
    }

    /**
     * An item that a person attests.
     *
     * @param by    the person; empty when there is no attestation that can be read
     * @param until the last day on which the attestation holds, in UTC
     */
    public record Said(Item item, Standing standing, String by, Optional<LocalDate> until) {
        /** The command that records an attestation of the item. */
        public String command() {
            return AttestedChecks.command(item.id());
        }
    }

    /**
     * The reports of a phase: when the newest one was made, and when the next one has to be there.
     *
     * @param newest the newest report; empty when there is none
     * @param by     the last moment for the next one; empty on a machine that makes no reports by the clock
     */
    public record Due(Phase phase, Optional<Instant> newest, Optional<Instant> by) {}

    /**
     * A day of the trend.
     *
     * @param counts how many checks came to each kind of verdict; empty when the report cannot be read
     */
    public record Day(LocalDate day, Map<Kind, Long> counts) {
        public Day {
            counts = Map.copyOf(counts);
        }
    }

    public Posture {
        answers = List.copyOf(answers);
        changes = List.copyOf(changes);
        said = List.copyOf(said);
        due = List.copyOf(due);
        trend = List.copyOf(trend);
        troubles = List.copyOf(troubles);
    }
}
