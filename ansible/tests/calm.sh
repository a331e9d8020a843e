# shellcheck shell=bash
# Sourced on the machine: the alerts that fire or are about to. It leaves out the dead man's switch and the alerts of the host's load.
calm() {
    curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=ALERTS{alertname!~"DeadManSwitch|CpuHigh|MemoryHigh|Disk.*"}' \
        | python3 -c 'import json, sys
for entry in json.load(sys.stdin)["data"]["result"]:
    print(*(entry["metric"].get(name, "") for name in ("alertname", "alertstate", "unit", "job", "figure")))' || echo "Prometheus does not answer"
}
