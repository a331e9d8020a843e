#!/bin/bash
# Runs on the converged machine as root before anything bad is done to it: nothing alerts, and nothing is about to. Reports like inside.sh.
set -u
. "$(dirname "$0")/report.sh"

firing() { amtool --alertmanager.url=http://127.0.0.1:9093 alert query -o simple | awk 'NR > 1 {print $1}' | sort -u | xargs; }
# What only waits for its time. Load and disk are those of the machine this container shares, which the tests themselves keep busy.
pending() {
    curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=ALERTS{alertstate="pending",alertname!~"CpuHigh|DiskFilling"}' \
        | python3 -c 'import json, sys; print(*sorted({entry["metric"]["alertname"] for entry in json.load(sys.stdin)["data"]["result"]}))'
}

# What fires before Prometheus has found Alertmanager is told a minute later; until this one is heard, silence says nothing.
for _ in $(seq 180); do
    [[ " $(firing) " == *" DeadManSwitch "* ]] && break
    sleep 1
done
# A minute of settling: the installation's own restarts, and parts that were scraped before they stood.
for _ in $(seq 60); do
    [ -z "$(pending)" ] && break
    sleep 1
done
equal "in peace nothing alerts but the dead man's switch" DeadManSwitch "$(firing)"
equal "and nothing is about to" "" "$(pending)"
figure alerts_in_peace $(($(firing | wc -w) - 1))
