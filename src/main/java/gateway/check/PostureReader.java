package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import gateway.check.Check.Phase;
import gateway.check.Posture.Answer;
import gateway.check.Posture.Day;
import gateway.check.Posture.Due;
import gateway.check.Posture.Said;
import gateway.check.Posture.Standing;
import gateway.check.Report.Kind;

/**
 * The reader of the kept reports for a page. The reports are read at most once in ten seconds, however many people ask.
 * The newest report of each phase and one of an earlier day are read whole; reports of the trend only at their heads.
 */
public final class PostureReader {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final int TREND_DAYS = 90;
    /** The days between two reports of a phase. {@code whatsapp-host-figures} has the same days for the alert. */
    private static final Map<Phase, Integer> DAYS = days();

    private final ReportShelf shelf;
    private final Path since;
    private final Function<String, Optional<Attestation.Found>> attestations;
    private final InstantSource clock;
    private @Nullable Posture last;

    /**
     * @param directory    holds the kept reports
     * @param attestations finds the attestation of an item, or throws {@link Unseen}
     */
    public PostureReader(
            Path directory, Function<String, Optional<Attestation.Found>> attestations, InstantSource clock) {
        this.shelf = new ReportShelf(directory);
        this.since = directory.resolveSibling("since");
        this.attestations = attestations;
        this.clock = clock;
    }

    private static Map<Phase, Integer> days() {
        var days = new LinkedHashMap<Phase, Integer>();
        days.put(Phase.POST, 1);
        days.put(Phase.WEEKLY, 7);
        days.put(Phase.MONTHLY, 31);
        days.put(Phase.QUARTERLY, 92);
        return days;
    }

    /** Returns what the reports say now, or said less than ten seconds ago. */
    public synchronized Posture read() {
        var now = clock.instant();
        if (last == null
                || now.isBefore(last.made())
                || !now.isBefore(last.made().plus(FRESH))) {
            last = look(now);
        }
        return last;
    }

    private Posture look(Instant now) {
        var troubles = new LinkedHashSet<String>();
        var kept = new LinkedHashMap<Phase, SortedMap<Instant, String>>();
        try {
            for (var phase : DAYS.keySet()) {
                kept.put(phase, past(phase, now, troubles));
            }
        } catch (UncheckedIOException e) {
            return nothing(now, "This gateway cannot read the reports of its machine.", troubles);
        }
        if (kept.values().stream().allMatch(Map::isEmpty)) {
            return nothing(now, "This machine has no report of the checklist.", troubles);
        }
        Map<String, Answer> answers = new TreeMap<>();
        Map<Phase, JsonNode> newest = new EnumMap<>(Phase.class);
        kept.forEach((phase, reports) -> {
            if (!reports.isEmpty()) {
                whole(reports.getOrDefault(reports.lastKey(), ""), troubles).ifPresent(report -> {
                    newest.put(phase, report);
                    answers(report, reports.lastKey())
                            .forEach(answer -> answers.merge(answer.name(), answer, PostureReader::newer));
                });
            }
        });
        var post = kept.getOrDefault(Phase.POST, new TreeMap<>());
        var daily = Optional.ofNullable(newest.get(Phase.POST));
        var earlier = earlier(post).filter(time -> daily.isPresent());
        var before = earlier.flatMap(time -> whole(post.getOrDefault(time, ""), troubles));
        var changes = before.map(report -> ReportShelf.changes(report, daily.orElseThrow()));
        return new Posture(
                now,
                Optional.empty(),
                List.copyOf(answers.values()),
                earlier.filter(time -> before.isPresent()),
                changes.orElse(List.of()),
                said(now),
                due(kept),
                trend(post, now),
                List.copyOf(troubles));
    }

    private Posture nothing(Instant now, String why, Set<String> troubles) {
        return new Posture(
                now,
                Optional.of(why),
                List.of(),
                Optional.empty(),
                List.of(),
                said(now),
                due(Map.of()),
                List.of(),
                List.copyOf(troubles));
    }

    /** The names of a phase's reports by their times. A report from the future is left out and told as a trouble. */
    private SortedMap<Instant, String> past(Phase phase, Instant now, Set<String> troubles) {
        var past = new TreeMap<Instant, String>();
        for (var name : shelf.names(phase)) {
            if (ReportShelf.isAhead(name, now)) {
                troubles.add(ReportShelf.ahead(name));
            } else {
                ReportShelf.time(name).ifPresent(made -> past.put(made, name));
            }
        }
        return past;
    }

    private Optional<JsonNode> whole(String name, Set<String> troubles) {
        var report = shelf.report(name);
        if (report.isEmpty()) {
            troubles.add("the report " + name + " cannot be read: it was cut or altered");
        }
        report.ifPresent(found -> troubles.addAll(shelf.altered(found)));
        return report;
    }

    private static List<Answer> answers(JsonNode report, Instant seen) {
        var answers = new ArrayList<Answer>();
        for (var check : report.path("checks")) {
            var ids = new ArrayList<String>();
            check.path("ids").forEach(id -> ids.add(id.asText("")));
            answers.add(new Answer(
                    check.path("name").asText(""),
                    check.path("area").asText(""),
                    check.path("severity").asText(""),
                    ids,
                    kind(check.path("verdict").asText("")),
                    check.path("evidence").asText(""),
                    check.path("remedy").asText(""),
                    seen));
        }
        return answers;
    }

    private static Answer newer(Answer one, Answer other) {
        return one.seen().isBefore(other.seen()) ? other : one;
    }

    /** The kind of verdict that a report names. A word that names no kind counts as unknown. */
    private static Kind kind(String word) {
        for (var kind : Kind.values()) {
            if (kind.text().equals(word)) {
                return kind;
            }
        }
        return Kind.UNKNOWN;
    }

    /** The newest report of a day before that of the newest report. */
    private static Optional<Instant> earlier(SortedMap<Instant, String> reports) {
        if (reports.isEmpty()) {
            return Optional.empty();
        }
        var before = reports.headMap(
                day(reports.lastKey()).atStartOfDay(ZoneOffset.UTC).toInstant());
        return before.isEmpty() ? Optional.empty() : Optional.of(before.lastKey());
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private List<Day> trend(SortedMap<Instant, String> reports, Instant now) {
        var first = day(now).minusDays(TREND_DAYS - 1L);
        var newest = new TreeMap<LocalDate, String>();
        reports.tailMap(first.atStartOfDay(ZoneOffset.UTC).toInstant())
                .forEach((time, name) -> newest.put(day(time), name));
        var trend = new ArrayList<Day>();
        newest.forEach((day, name) -> trend.add(new Day(day, ReportHead.counts(shelf, name))));
        return trend;
    }

    private List<Due> due(Map<Phase, SortedMap<Instant, String>> kept) {
        var begin = begin();
        var due = new ArrayList<Due>();
        DAYS.forEach((phase, days) -> {
            var reports = kept.getOrDefault(phase, new TreeMap<>());
            var newest = reports.isEmpty() ? Optional.<Instant>empty() : Optional.of(reports.lastKey());
            due.add(new Due(phase, newest, newest.or(() -> begin).map(from -> from.plus(Duration.ofDays(days)))));
        });
        return due;
    }

    /** When the playbook made this machine the appliance; empty on a machine without the playbook. */
    private Optional<Instant> begin() {
        try {
            return Optional.of(
                    Files.getLastModifiedTime(since, LinkOption.NOFOLLOW_LINKS).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Said> said(Instant now) {
        return Item.all().stream()
                .filter(Item::isAttested)
                .map(item -> said(item, now))
                .toList();
    }

    private Said said(Item item, Instant now) {
        Optional<Attestation.Found> found;
        try {
            found = attestations.apply(item.id());
        } catch (Unseen e) {
            return new Said(item, Standing.UNREADABLE, "", Optional.empty());
        }
        if (found.isEmpty()) {
            return new Said(item, Standing.ABSENT, "", Optional.empty());
        }
        var attestation = found.get().attestation();
        var left = Duration.between(now, attestation.end());
        var standing = found.get().trouble().isPresent() || attestation.at().isAfter(now.plus(Evidence.CLOCKS))
                ? Standing.NOT_VALID
                : !left.isPositive()
                        ? Standing.OVER
                        : AttestedChecks.isSoon(item, left) ? Standing.ENDS_SOON : Standing.HOLDS;
        return new Said(item, standing, attestation.by(), Optional.of(attestation.until()));
    }
}
