# shellcheck shell=bash
# Sourced on the machine: which alerts fire or are about to, but the dead man's switch and those of the load, which is the host's.
calm() {
    curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=ALERTS{alertname!~"DeadManSwitch|CpuHigh|MemoryHigh|Disk.*"}' \
        | python3 -c 'import json, sys
for entry in json.load(sys.stdin)["data"]["result"]:
    print(*(entry["metric"].get(name, "") for name in ("alertname", "alertstate", "unit", "job", "figure")))' || echo "Prometheus does not answer"
}
