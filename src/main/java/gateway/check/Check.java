package gateway.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One question about the machine, which evidence answers.
 *
 * @param name     in kebab-case
 * @param ids      the guides' items that it proves
 * @param evidence what it looks at, as a noun phrase
 * @param remedy   a command that helps when the check cannot look
 * @param half     who may look
 * @param probe    looks, and gives the verdict
 */
public record Check(
        String name,
        Area area,
        Severity severity,
        List<String> ids,
        String evidence,
        String remedy,
        Half half,
        Probe probe) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Looks at the evidence. */
    @FunctionalInterface
    public interface Probe {
        /** @throws Unseen when the evidence cannot be had */
        Verdict look(Evidence evidence);
    }

    /** What a check is about; each area has a file. */
    public enum Area {
        ACCESS,
        API,
        BACKUP,
        DATABASE,
        LOGS,
        NETWORK,
        PEOPLE,
        PROBES,
        SETTINGS,
        SYSTEM,
        TLS,
        WEBHOOKS;

        /** The area in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who may look. */
    public enum Half {
        /** The gateway's own user. */
        OWN,
        /** Root alone; others read what root saw last. */
        ROOT
    }

    /** What an unmet demand costs. */
    public enum Severity {
        HIGH,
        MEDIUM,
        LOW;

        /** The severity in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When the guides ask. After the deployment, what was asked before it must hold too. */
    public enum Phase {
        PRE,
        POST,
        WEEKLY,
        MONTHLY,
        QUARTERLY;

        /** The phase in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a run of this phase answers an item of that phase. */
        boolean asks(Phase item) {
            return item == this || this == POST && item == PRE;
        }
    }

    public Check {
        if (!NAME.matcher(name).matches() || ids.isEmpty() || remedy.isBlank() || evidence.isBlank()) {
            throw new IllegalArgumentException("not a check: " + name);
        }
        ids = List.copyOf(ids);
        ids.forEach(Item::of);
    }

    /** A check that the gateway's own user can make. */
    Check(String name, Area area, Severity severity, List<String> ids, String evidence, String remedy, Probe probe) {
        this(name, area, severity, ids, evidence, remedy, Half.OWN, probe);
    }

    /** The same check by what root saw last, where only root may look. */
    public Check withoutRoot() {
        return half == Half.OWN
                ? this
                : new Check(name, area, severity, ids, evidence, remedy, half, seen -> RootReport.of(seen, name));
    }

    /** The phases of its items. */
    public Set<Phase> phases() {
        var phases = EnumSet.noneOf(Phase.class);
        ids.forEach(id -> phases.add(Item.of(id).phase()));
        return phases;
    }

    /** Whether a run of a phase needs it. */
    public boolean isOf(Phase phase) {
        return phases().stream().anyMatch(phase::asks);
    }
}
