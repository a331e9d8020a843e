# shellcheck shell=bash disable=SC2034,SC2154 # run sources this file after machine.sh, which sets and uses the directories and processes
# Sourced: the red proofs of the checklist, on a copy of the converged machine. The container tier makes a third of them beside its own
# steps; `make red-proofs` makes all of them, after the playbook has brought the copy up to this commit.

# share: which third it is this time, 0, 1 or 2. The commit's hash chooses.
share() { echo $((0x$(git -C "$root" rev-parse HEAD 2>/dev/null | grep -oE '^[0-9a-f]{8}' || echo 0) % 3)); }

# proven_on NAME ASKED [COMMAND...]: boots a copy of the converged machine, runs the command, and makes the proofs that are asked for.
# In a shell of its own, because it is ended by a signal.
proven_on() {
    local results=$results/$1
    nspawn=
    leader=
    trap halt EXIT
    trap 'exit 1' INT TERM
    rm -rf "$results/machine"
    mkdir -p "$results"
    cp -a "$cache/converged" "$results/machine"
    boot "$results/machine" || {
        echo "FAIL the container of the red proofs boots"
        exit
    }
    [ $# -le 2 ] || "${@:3}" || {
        echo "FAIL the playbook brings the copy up to this commit: $(tail -3 "$results/converge.log" | tr '\n' ' ')"
        exit
    }
    # Beside this shell, so that a signal is obeyed at once.
    guest timeout 1400 bash /srv/tests/red-proofs.sh "$2" &
    wait $! || echo "FAIL red-proofs.sh did not finish"
    halt
    rm -rf "$results/machine"
}
# brought_up: the commit's package and settings on the copy.
brought_up() {
    cp "$root/target/appliance/"{whatsapp.deb,key,inventory.yml,operator.asc} "$results/" && play site.yml >"$results/converge.log" 2>&1
}
red_proofs() {
    local asked=${PROOFS:-all}
    say "red proofs: $asked"
    (proven_on red-proofs "$asked" brought_up) >"$results/red-proofs.log" 2>&1
    tell "$results/red-proofs.log"
    posture "$results/red-proofs.log" "$asked"
}
# red_proofs_beside: starts a third. red_proofs_met waits for it, and reports it.
red_proofs_beside() {
    say "red proofs: third $(share) of 0 to 2, beside what follows"
    proven_on red-proofs "$(share)" >"$results/red-proofs.log" 2>&1 &
    proving=$!
}
red_proofs_met() {
    wait "$proving"
    proving=
    say "red proofs, third $(share)"
    tell "$results/red-proofs.log"
    posture "$results/red-proofs.log" "third $(share)"
}

# posture LOG WHICH: target/posture.json. An item is proven when each of its checks was, so a third proves fewer items than it has checks.
# What a report costs was measured by the container tier's newest run on this checkout (measure-posture).
posture() {
    python3 - "$1" "$2" "$root" "$figures" "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)" <<'PYTHON'
import collections, json, pathlib, sys

log, which, root, measured, commit = sys.argv[1:]
root = pathlib.Path(root)
items = [line.split("\t") for line in (root / "src/main/resources/gateway/check/items.tsv").read_text().splitlines()]
table = [line.split("\t") for line in (root / "ansible/tests/red-proofs.tsv").read_text().splitlines() if line[0] != "#"]
lines = [line.split() for line in pathlib.Path(log).read_text().splitlines()]
proven = {line[1] for line in lines if line[:1] == ["proven"]}
seconds = [int(line[2]) for line in lines if line[:2] == ["figure", "red_proofs_s"]]
checks = collections.defaultdict(set)
for line in lines:
    if line[:1] == ["check"]:
        for item in line[2:]:
            checks[item].add(line[1])
costs = dict(line.split(None, 1) for line in pathlib.Path(measured).read_text().splitlines() if " " in line)
by_machine = [item[0] for item in items if item[2] == "MACHINE"]
done = [item for item in by_machine if checks[item] and checks[item] <= proven]
figures = {
    "items": len(items),
    "by_machine": len(by_machine),
    "attested": len(items) - len(by_machine),
    "red_proofs": len(done),
    "asked": which,
    "checks_proven": len(proven),
    "checks_in_table": len([row for row in table if row[1] == "container"]),
    "checks_missing": sorted(row[0] for row in table if row[1] == "missing"),
    "seconds": seconds[0] if seconds else None,
    **{name: float(costs["check_" + name]) if "check_" + name in costs else None for name in ("run_seconds", "half_seconds", "rss_mb", "p99_ratio")},
    "commit": commit,
}
(root / "target/posture.json").write_text(json.dumps(figures, indent=2) + "\n")
print("       ", f"{len(done)} of {len(by_machine)} items by machine, {len(proven)} checks, in {figures['seconds']} s")
PYTHON
}
