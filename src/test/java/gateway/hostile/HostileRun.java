package gateway.hostile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sends a number of hostile calls, by turns from those who may change nothing and from the owner, and writes down what
 * is wrong.
 */
final class HostileRun {
    private static final int BATCH = 100;
    /** Batches until everything is made anew, so that what the calls keep does not slow down the comparison. */
    private static final int FRESH_EVERY = 10;

    private static final int MAX_FINDINGS = 25;
    /** Lines that a batch of strangers' calls may add to the log. */
    private static final int MAX_LINES = 5;

    private static final List<Integer> RESERVED = List.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15);

    private final HostileServer server;
    private final RawLine line;
    private final HostileJudge judge = HostileJudge.ofEnvelopes();
    private final List<Route> routes = Route.described();
    private final Map<Caller, String> credentials;
    private final Map<String, String> findings = new LinkedHashMap<>();
    private final List<double[]> resident = new ArrayList<>();
    private final long began = System.nanoTime();
    private HostileCalls calls;
    private int told;
    private long sent;
    private long fivexx;
    private long outages;
    private long effects;

    /**
     * @param fivexx   replies of 500 and more that name no outage
     * @param outages  replies of 503 that name one, with a time to come again
     * @param findings one text each, with the smallest input and its seed
     */
    record Outcome(long calls, long fivexx, long outages, long effects, double slope, List<String> findings) {}

    HostileRun(HostileServer server) throws Exception {
        this.server = server;
        this.line = new RawLine(server.port());
        this.credentials = server.credentials();
    }

    Outcome run(long seed, int wanted) throws Exception {
        Footprint warm = null;
        for (int batch = 0; sent < wanted && findings.size() < MAX_FINDINGS; batch++) {
            if (batch % FRESH_EVERY == 0) {
                calls = new HostileCalls(routes, credentials, server.furnish());
            }
            batch(seed + (long) batch * BATCH, batch % 2 == 0);
            var now = Footprint.of(server.program().pid());
            progress(now);
            resident.add(new double[] {(System.nanoTime() - began) / 1e9, now.kilobytes()});
            warm = sent < wanted / 3 ? now : warm;
        }
        server.furnish();
        grown(warm);
        for (var text : server.program().output().split("\n")) {
            if (text.matches(".*(SEVERE|Exception|\\bat java\\.).*")) {
                findings.putIfAbsent("log", "The log has: " + text);
            }
        }
        var later = resident.subList(resident.size() / 2, resident.size());
        return new Outcome(sent, fivexx, outages, effects, Footprint.slope(later), List.copyOf(findings.values()));
    }

    /** {@code -Dhostile.progress=true} tells what is found as it is found. */
    private void progress(Footprint now) {
        if (Boolean.getBoolean("hostile.progress")) {
            System.err.println(sent + " calls, " + findings.size() + " findings, " + now);
            findings.values().stream().skip(told).forEach(System.err::println);
            told = findings.size();
        }
    }

    private void batch(long first, boolean harmless) throws Exception {
        var before = harmless ? server.quiet() : null;
        int lines = lines();
        var refused = new ArrayList<HostileCall>();
        for (int i = 0; i < BATCH; i++) {
            var call = calls.of(first + i, harmless);
            int status = judged(call);
            if (harmless || status >= 400 && status < 500) {
                refused.add(call);
            }
        }
        sockets(first);
        if (harmless) {
            if (lines() > lines + MAX_LINES) {
                findings.putIfAbsent(
                        "lines",
                        "Strangers filled the log, seed " + first + ":\n"
                                + server.program()
                                        .output()
                                        .lines()
                                        .skip(lines)
                                        .limit(MAX_LINES)
                                        .collect(java.util.stream.Collectors.joining("\n")));
            }
            if (!server.quiet().equals(before)) {
                single(refused, call -> true);
            }
        } else {
            server.restore();
            unchanged(refused);
        }
    }

    /** The same calls again: whatever is refused now must leave everything as it is. */
    private void unchanged(List<HostileCall> refused) throws Exception {
        for (int round = 0; round < 3; round++) {
            var before = server.quiet();
            int count = refused.size();
            refused.removeIf(call -> !refused(call));
            sent += count;
            if (refused.size() == count) {
                if (!server.quiet().equals(before)) {
                    single(refused, this::refused);
                }
                return;
            }
            server.restore();
        }
    }

    private boolean refused(HostileCall call) {
        int status = line.send(call.bytes()).status();
        return status >= 400 && status < 500 || !call.whole() && status == RawReply.CLOSED;
    }

    private void single(List<HostileCall> suspects, Predicate<HostileCall> counts) throws Exception {
        for (var call : suspects) {
            var change = change(call, counts);
            if (change.isPresent() && change(call, counts).isPresent()) {
                effects++;
                var small = Smaller.of(
                        call.bytes(), bytes -> change(call.with(bytes), counts).isPresent());
                findings.putIfAbsent(
                        "effect " + call.kind() + call.route().path(),
                        "A refused call has changed:\n" + change.get() + call.with(small));
                return;
            }
        }
    }

    private Optional<String> change(HostileCall call, Predicate<HostileCall> counts) {
        var before = server.quiet();
        if (counts == null || !counts.test(call) && call.caller() == Caller.OWNER) {
            return Optional.empty();
        }
        if (call.caller().harmless()) {
            line.send(call.bytes());
        }
        var after = server.quiet();
        return after.equals(before) ? Optional.empty() : Optional.of(before.difference(after));
    }

    private int judged(HostileCall call) {
        var reply = line.send(call.bytes());
        sent++;
        var wrong = complaint(call, reply);
        if (reply.status() >= 500 && reply.status() != 505) {
            fivexx += wrong.isPresent() ? 1 : 0;
            outages += wrong.isPresent() ? 0 : 1;
        }
        wrong.ifPresent(complaint -> {
            var key = complaint.contains("(")
                    ? complaint
                    : complaint.split(":")[0] + call.kind() + call.route().path();
            if (findings.size() < MAX_FINDINGS && !findings.containsKey(key)) {
                var small = Smaller.of(
                        call.bytes(),
                        bytes -> complaint(call.with(bytes), line.send(bytes)).equals(Optional.of(complaint)));
                findings.put(key, complaint + " for " + call.with(small));
            }
        });
        return reply.status();
    }

    private Optional<String> complaint(HostileCall call, RawReply reply) {
        var complaint = judge.complaint(reply, call.whole())
                .map(text -> reply.status() < 500 ? text : text + server.origin(reply));
        boolean plain = !call.kind().contains("head") && !call.kind().equals("path");
        return complaint.isEmpty()
                        && plain
                        && call.caller().stranger()
                        && !call.route().open()
                        && reply.status() >= 100
                        && reply.status() < 300
                ? Optional.of("let in with " + reply.status())
                : complaint;
    }

    private void sockets(long first) {
        int reserved = RESERVED.get((int) (first / BATCH % RESERVED.size()));
        var closed = line.send(SocketFrames.single(reserved, credentials.get(Caller.READER)));
        if (!SocketFrames.closedWith(closed, 1002)) {
            findings.putIfAbsent(
                    "opcode",
                    "Opcode " + reserved + " on /ws does not close with 1002 but "
                            + HostileCall.escaped(closed.body()));
        }
        for (int i = 0; i < BATCH / 10; i++) {
            long seed = first + i;
            var bytes = SocketFrames.of(seed, credentials.get(Caller.READER));
            var reply = line.send(bytes);
            sent++;
            judge.complaint(reply, false)
                    .or(() -> SocketFrames.complaint(reply))
                    .ifPresent(complaint -> findings.putIfAbsent(
                            "socket " + complaint,
                            "On /ws, " + complaint + ", seed " + seed + ":\n" + HostileCall.escaped(bytes)));
        }
    }

    private int lines() {
        return server.program().output().split("\n").length;
    }

    private void grown(Footprint warm) {
        if (warm == null) {
            return;
        }
        try {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> {
                        var now = Footprint.of(server.program().pid());
                        return now.threads() <= warm.threads() + 8 && now.files() <= warm.files() + 8;
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            findings.put(
                    "growth",
                    "Grown from " + warm + " to "
                            + Footprint.of(server.program().pid()));
        }
    }
}
