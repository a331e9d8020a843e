#!/bin/bash
# Runs on the converged machine as root: the gateway's unit serves the web engine, and a twin on this machine plays WhatsApp.
# An account is linked through the edge, sends, receives, outlives a restart, and is removed. Then the engine is the one of before.
# Only the drop-in that this script writes makes the unit a rehearsal. Reports like inside.sh.
#   TWIN=DIR       the tree that src/build/twin --into made
#   PATIENCE=30    seconds for one step; a machine under emulation needs more
#   ALERTS=yes     whether Prometheus is asked, which takes half a minute
set -u
. "$(dirname "$0")/report.sh"
. "$(dirname "$0")/calm.sh"
patience=${PATIENCE:-30}
place=/run/line
drop=/run/systemd/system/whatsapp.service.d
phone=6281100000001
friend=6281100000002
control=http://127.0.0.1:9400

api() {
    local method=$1 path=$2
    shift 2
    https 127.0.0.8 "$path" -X "$method" -u $good --max-time "$patience" -H 'X-Device-Id: line' -H 'Content-Type: application/json' "$@"
}
code() { api "$@" -o /dev/null -w '%{http_code}'; }
# door METHOD PATH [JSON]: what the person with the phone does.
door() { curl -sS --fail --max-time "$patience" -X "$1" "$control$2" ${3:+-d "$3"}; }
# field NAME.NAME: that field of the JSON on standard input.
field() {
    python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[name]
print(value)' "$1"
}
awaited() {
    local end=$((SECONDS + patience))
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.5
    done
}
connected() { [ "$(api GET /devices/line/status 2>/dev/null | field results.is_connected 2>/dev/null)" = True ]; }
# inbox TEXT: the friend's phone shows that text once.
inbox() { [ "$(door GET /phones/$friend/inbox | grep -o "\"text\":\"$1\"" | wc -l)" = 1 ]; }
# hooked TEXT: the file of the first webhook with that text.
hooked() { grep -ls "$1" $place/hooks/[0-9]??? 2>/dev/null | head -1 | grep .; }
stands() { api GET "/chat/$friend@s.whatsapp.net/messages" | grep -q "$1"; }
# signed TEXT: the event with that text bears the signature of the configured secret.
signed() {
    local file
    file=$(hooked "$1") || return 1
    [ "$(head -1 "$file")" = "sha256=$(tail -n +2 "$file" | openssl dgst -sha256 -hmac appliance-test-webhook-secret-0123456789 | sed 's/.* //')" ]
}
# restarted: the unit's limit of starts is for faults; the starts here are asked for.
restarted() {
    systemctl reset-failed whatsapp 2>/dev/null
    systemctl restart whatsapp
}
undo() {
    [ -e $place ] || return 0
    rm -f $drop/line.conf
    rmdir $drop 2>/dev/null
    systemctl daemon-reload
    restarted
    systemctl stop line-twin line-hook 2>/dev/null
    rm -rf $place
}
trap undo EXIT

began() {
    mkdir -p $place/hooks $drop
    systemd-run --quiet --collect --unit=line-hook python3 "$(dirname "$(readlink -f "$0")")/line-hook.py" $place/hooks 9410
    systemd-run --quiet --collect --unit=line-twin --property=StandardOutput=truncate:$place/twin.json "$TWIN/twin" 9399
    check "the twin starts" awaited grep -q root_key $place/twin.json || return
    # A file, because the settings of the playbook are in one, and the last file wins.
    printf '%s\n' APP_PROFILE=rehearsal WHATSAPP_ENGINE=web "WHATSAPP_WEB_URL=$(field ws <$place/twin.json)" \
        "WHATSAPP_WEB_ROOT_KEY=$(field root_key <$place/twin.json)" WHATSAPP_WEBHOOK=http://127.0.0.1:9410/hook \
        WHATSAPP_WEBHOOK_ALLOW_HTTP=true WHATSAPP_WEBHOOK_ALLOW_CIDRS=127.0.0.0/8 >$place/environment
    printf '[Service]\nEnvironmentFile=%s/environment\n' $place >$drop/line.conf
    systemctl daemon-reload
    check "the unit starts with the web engine" restarted
    check "and says that this is a rehearsal" awaited sh -c \
        'curl -sS http://127.0.0.1:13000/metrics | grep -q "^whatsapp_profile{.*rehearsal"'
    equal "its sandbox is the same" "2 0000000000000000" \
        "$(sed -n 's/^Seccomp:\s*//p; s/^CapEff:\s*//p' "/proc/$(systemctl show -P MainPID whatsapp)/status" | sort -r | xargs)"
}

linked() {
    local qr
    door POST /phones "{\"number\":\"$phone\"}" >/dev/null
    door POST /phones "{\"number\":\"$friend\"}" >/dev/null
    equal "an account is added through the edge" 200 "$(code POST /devices -d '{"device_id":"line"}')"
    qr=$(api GET /devices/line/login | field results.qr_text)
    check "the phone scans its code" door POST /phones/$phone/scan "{\"qr\":\"$qr\"}"
    check "and the account connects" awaited connected
}

# spoken WORD: a message each way.
spoken() {
    equal "a message is sent through the edge ($1)" 200 "$(code POST /send/message -d "{\"phone\":\"$friend\",\"message\":\"out $1\"}")"
    check "the friend's phone shows it once" awaited inbox "out $1"
    door POST /phones/$friend/send "{\"to\":\"$phone\",\"text\":\"in $1\"}" >/dev/null
    check "the friend's answer is told by webhook, signed" awaited signed "in $1"
    check "and stands in the chat" awaited stands "in $1"
}

removed() {
    equal "the account is removed through the edge" 200 "$(code DELETE /devices/line)"
    equal "the phone lists it no more" "[]" "$(door GET /phones/$phone | field devices)"
    check "a webhook tells of it" awaited hooked logged_out
}

before=$(calm | cut -d' ' -f1 | sort -u)
began
linked
spoken first
equal "a wrong password is refused" 401 "$(https 127.0.0.8 /devices -u admin:wrong-password-000000 --max-time "$patience" -o /dev/null -w '%{http_code}')"
check "where fail2ban looks for it" sh -c 'tail -n 20 /var/log/whatsapp/security.log | grep -q 127.0.0.8'
check "the unit restarts" restarted
check "and the account is back by itself" awaited connected
spoken second
if [ "${ALERTS:-}" = yes ]; then
    series() { curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1" | grep -q '"value"'; }
    patience=60 check "Prometheus sees the connected account" awaited series 'whatsapp_accounts_connected > 0'
fi
removed
if [ "${ALERTS:-}" = yes ]; then
    # The account's end is the operator's own deed, and is told as one.
    patience=60 check "an alert tells that the account is gone" awaited series 'ALERTS{alertname="AccountLost",alertstate="firing"}'
fi
undo
trap - EXIT
check "the gateway answers as before" awaited curl -sSf -o /dev/null http://127.0.0.1:3000/livez
check "with its own engine and profile" grep -zqx APP_PROFILE=production "/proc/$(systemctl show -P MainPID whatsapp)/environ"
equal "nothing of the rehearsal is left" "" "$(
    ls -d $place $drop/line.conf 2>/dev/null
    systemctl list-units --all --plain --no-legend 'line-*' | awk '{print $1}'
)"
if [ "${ALERTS:-}" = yes ]; then
    # The restarts and the removal were deliberate, and are told rightly. Slow requests are the busy host's of this test.
    more() { calm | cut -d' ' -f1 | sort -u | grep -vxF "$before" | grep -vxE 'AccountLost|GatewayRestarts|RequestsSlow'; }
    quiet() { [ -z "$(more)" ]; }
    patience=60 check "no other alert is left" awaited quiet
fi
