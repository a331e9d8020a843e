package gateway.check;

import java.util.HashMap;
import java.util.Map;

/** What systemd says of a unit. */
final class Units {
    private Units() {}

    /**
     * Properties of a unit by their names.
     *
     * @throws Unseen when systemd does not answer, or has no such unit
     */
    static Map<String, String> loaded(Evidence evidence, String unit, String properties) {
        var facts = show(evidence, unit, properties);
        if (!"loaded".equals(facts.get("LoadState"))) {
            throw new Unseen("systemd has no unit " + unit);
        }
        return facts;
    }

    /** Returns the same as {@link #loaded}, also for a unit that is absent: {@code LoadState} tells whether it is. */
    static Map<String, String> show(Evidence evidence, String unit, String properties) {
        var output = evidence.run("systemctl", "show", "--property=LoadState," + properties, unit);
        var facts = new HashMap<String, String>();
        for (var line : output.text().split("\n")) {
            var pair = line.split("=", 2);
            if (pair.length == 2) {
                facts.merge(pair[0], pair[1], (one, other) -> one + " " + other);
            }
        }
        if (output.exit() != 0 || !facts.containsKey("LoadState")) {
            throw new Unseen("systemd does not answer");
        }
        return facts;
    }

    /**
     * Whether a job runs by its timer, and ended well the last time.
     *
     * @param timer the properties of the timer, {@code ActiveState} among them
     */
    static Verdict timed(Evidence evidence, String job, Map<String, String> timer) {
        if (!"active".equals(timer.get("ActiveState"))) {
            return new Verdict.Fail(job + ".timer is not active", "systemctl enable --now " + job + ".timer");
        }
        var result = loaded(evidence, job + ".service", "Result").getOrDefault("Result", "");
        return result.equals("success")
                ? new Verdict.Pass(job + ".timer is active, and its last run ended well")
                : new Verdict.Fail("the last run of " + job + " ended with " + result, "journalctl -u " + job);
    }
}
