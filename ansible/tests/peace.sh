#!/bin/bash
# Runs on the converged machine as root, before any attack: no alert fires, and none is about to. Reports like inside.sh.
set -u
. "$(dirname "$0")/report.sh"

firing() { amtool --alertmanager.url=http://127.0.0.1:9093 alert query -o simple | awk 'NR > 1 {print $1}' | sort -u | xargs; }
# The alerts that wait for their time. Alerts of load and disk are left out: the tests keep the host of this container busy.
pending() {
    curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=ALERTS{alertstate="pending",alertname!~"CpuHigh|DiskFilling"}' \
        | python3 -c 'import json, sys; print(*sorted({entry["metric"]["alertname"] for entry in json.load(sys.stdin)["data"]["result"]}))'
}

# What waited or fired in the last ten minutes, with the second of its last reading. It tells why a notification failed, for instance.
recently() {
    curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=ALERTS{alertname!~"CpuHigh|DiskFilling|DeadManSwitch"}[10m]' | python3 -c 'import json, sys
for entry in json.load(sys.stdin)["data"]["result"]:
    metric, last = entry["metric"], entry["values"][-1][0]
    print({key: value for key, value in metric.items() if key not in ("__name__", "severity", "instance", "job")}, f"{last:.0f};", end=" ")'
}

# An alert that fires before Prometheus finds Alertmanager arrives a minute later. Until this one arrives, silence proves nothing.
for _ in $(seq 180); do
    [[ " $(firing) " == *" DeadManSwitch "* ]] && break
    sleep 1
done
# Some minutes to settle: the installation restarts services, some parts were scraped before they ran, and clients asked while the edge
# was shut and opened again.
for _ in $(seq 90); do
    [ -z "$(pending)" ] && [ "$(firing)" = DeadManSwitch ] && break
    sleep 2
done
equal "in peace nothing alerts but the dead man's switch" DeadManSwitch "$(firing)"
waits=$(pending)
equal "and nothing is about to" "" "${waits:+$waits; recently: $(recently)}"
figure alerts_in_peace $(($(firing | wc -w) - 1))
