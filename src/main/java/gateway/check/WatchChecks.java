package gateway.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;

/** Checks of what watches the machine: the rules of alerts, the program that bans addresses, timers of what people read. */
final class WatchChecks {
    /** The alerts of guide B's key metrics and thresholds, in its order. */
    static final List<String> ALERTS = List.of(
            "FailedLogins",
            "NetworkUnusual",
            "CpuHigh",
            "MemoryHigh",
            "ServiceRestarts",
            "FilesChanged",
            "GatewayDown");

    private static final int PROMETHEUS = 9090;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private WatchChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "alert-rules-loaded",
                        Area.LOGS,
                        Severity.MEDIUM,
                        List.of("A-MON-3"),
                        "Prometheus' rules in force: those of the key metrics and thresholds, and their health",
                        "systemctl status prometheus",
                        Half.ROOT,
                        WatchChecks::rules),
                new Check(
                        "addresses-banned",
                        Area.LOGS,
                        Severity.LOW,
                        List.of("A-MON-2"),
                        "the state of fail2ban's unit",
                        "systemctl status fail2ban",
                        Half.ROOT,
                        WatchChecks::bans),
                timed("digest-scheduled", List.of("A-ONG-3", "B-WEEK-1", "B-MONTH-3"), "whatsapp-digest"),
                timed("checks-scheduled", List.of("A-ONG-4", "B-MONTH-1"), "whatsapp-check"));
    }

    private static Check timed(String name, List<String> ids, String job) {
        return new Check(
                name,
                Area.LOGS,
                Severity.MEDIUM,
                ids,
                "the timer " + job + ".timer, and how its last run ended",
                "systemctl status " + job + ".timer",
                Half.ROOT,
                evidence -> Units.timed(evidence, job, Units.show(evidence, job + ".timer", "ActiveState")));
    }

    private static Verdict rules(Evidence evidence) {
        var reply = evidence.http(new Evidence.Request(PROMETHEUS, false, "localhost", "/api/v1/rules?type=alert"));
        if (reply.status() != 200) {
            throw new Unseen("Prometheus answers " + reply.status());
        }
        var healths = new HashMap<String, String>();
        try {
            for (var group : MAPPER.readTree(reply.body()).path("data").path("groups")) {
                for (var rule : group.path("rules")) {
                    healths.put(
                            rule.path("name").asText(""), rule.path("health").asText(""));
                }
            }
        } catch (JsonProcessingException e) {
            throw new Unseen("what Prometheus says of its rules is not understood");
        }
        var wrong = new ArrayList<String>();
        for (var alert : ALERTS) {
            var health = healths.get(alert);
            if (health == null) {
                wrong.add("no rule makes the alert " + alert);
            } else if (!health.equals("ok") && !health.equals("unknown")) {
                wrong.add("the rule of the alert " + alert + " is not healthy");
            }
        }
        return Verdict.of(wrong, ALERTS.size() + " alerts of the guide have a rule in force", "promtool check rules");
    }

    private static Verdict bans(Evidence evidence) {
        var unit = Units.show(evidence, "fail2ban.service", "ActiveState");
        if (!"loaded".equals(unit.get("LoadState"))) {
            return new Verdict.Fail("fail2ban is not installed", "ansible-playbook -i inventory.yml ansible/site.yml");
        }
        return "active".equals(unit.get("ActiveState"))
                ? new Verdict.Pass("fail2ban is active")
                : new Verdict.Fail("fail2ban is " + unit.get("ActiveState"), "systemctl start fail2ban");
    }
}
