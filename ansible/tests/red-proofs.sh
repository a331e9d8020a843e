#!/bin/bash
# Runs on the converged machine as root: it breaks the machine in one thing after the other, and each time a whole run of the checklist shows
# exactly that red, and green again when it is undone. red-proofs.tsv has the checks, red-breaks.sh the breaks. Breaks of one group of the table
# touch nothing in common, so one run is for all of them. Reports like inside.sh. It also says `check NAME ITEM...` of what a run has, and
# `proven NAME` of each check that was seen red and green.
#   red-proofs.sh all | 0 | 1 | 2 | NAME...   every group, a third of them, or single checks
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/report.sh"
. "$here/red-breaks.sh"

table=$here/red-proofs.tsv
report=/var/lib/whatsapp-check/reports/red-proof.json
unit=whatsapp-check@red-proof.service
declare -A verdict evidence before
# Whole runs since the gateway's start: each of them fails one login, and the tenth within five minutes makes the probes wait.
runs=0

# rows: those of the table that can be proven here and are asked for: check, group, word, others.
rows() { awk -F'\t' -v asked=" $* " '$2 == "container" && (asked == " all " || asked == " " $3 % 3 " " || index(asked, " " $1 " ")) {print $1 "\t" $3 "\t" $4 "\t" $5}' "$table"; }

# whole_run [ONLY]: what the unit of the reports would do, with every phase in one run; root's half goes before it.
whole_run() {
    local name area word text _
    runs=$((runs + 1))
    echo "ONLY=${1:-}" >$proofs/only
    verdict=() evidence=() red=
    rm -f $report
    # A slice of units that just became empty is taken away at times while the service manager starts the next unit in it.
    for _ in 1 2 3; do
        systemctl reset-failed whatsapp-check.service $unit 2>/dev/null
        systemctl start $unit 2>/dev/null && break
    done
    [ -s $report ] || return 1
    while IFS=$'\t' read -r name area word text; do
        verdict[$name]=$word evidence[$name]=$text
        # What people have to bring may be missing; a break of its machine's part is asked for by name.
        [ "$word" != fail ] || { [ "$area" = people ] && [ "${before[$name]:-}" = fail ]; } || red="$red $name"
    done < <(python3 -c 'import json, sys
for check in json.load(open(sys.argv[1]))["checks"]:
    print(check["name"], check["area"], check["verdict"], check["evidence"].replace("\t", " ").replace("\n", " "), sep="\t")' $report)
    [ ${#verdict[@]} -gt 0 ]
}
sorted() { xargs -n 1 <<<"$*" | sort -u | xargs; }
# undone: undoes every break, the last one first.
undone() {
    local line
    tac $proofs/undo >$proofs/undoing
    while IFS= read -r line; do eval "$line" </dev/null || bad "undone: $line"; done <$proofs/undoing
    while IFS= read -r line; do eval "$line" </dev/null || bad "after the undoing: $line"; done <$proofs/later
    : >$proofs/undo
    : >$proofs/later
    : >$proofs/until
}
# holds COMMAND: whether the command succeeds within a minute.
holds() {
    for _ in $(seq 120); do
        eval "$1" >/dev/null 2>&1 && return
        sleep 0.5
    done
    return 1
}
# green VERDICT BEFORE: whether a check passes, or says the same as before all breaks and that was no fail.
green() { [ "$1" = pass ] || { [ "$1" = "$2" ] && [ "$1" != fail ]; }; }

# proved GROUP: its breaks together, one whole run, the undoing, and a run of these checks alone.
proved() {
    local name group word others line names=() expected='' seen=() only='' began=$SECONDS
    [ $runs -lt 6 ] || gateway_again
    while IFS=$'\t' read -r name group word others; do
        [ "$group" = "$1" ] || continue
        if "break_${name//-/_}"; then
            names+=("$name") seen+=("$word")
            expected="$expected $name ${others#-}"
            only="$only --only $name"
        else
            bad "$name can be broken here"
        fi
    done <<<"$asked"
    while IFS= read -r line; do eval "$line" </dev/null || bad "after the breaks: $line"; done <$proofs/later
    while IFS= read -r line; do holds "$line" </dev/null || bad "the break shows: $line"; done <$proofs/until
    # A check that has no time is unknown. So a machine that is busy with other things is asked again.
    local _
    for _ in 1 2 3 4 5 6; do
        whole_run || red=" no report"
        [ "$(sorted "$expected")" != "$(sorted "$red")" ] || break
    done
    equal "group $1: exactly its checks, and the others of the table, are red" "$(sorted "$expected")" "$(sorted "$red")"
    local number good=() told
    for number in "${!names[@]}"; do
        name=${names[$number]} told=${evidence[${names[$number]}]:-}
        if [ "${verdict[$name]:-}" = fail ] && [[ $told == *"${seen[$number]}"* ]]; then
            ok "$name is red: $told"
            good+=("$name")
        else
            bad "$name: expected a fail with '${seen[$number]}', found '${verdict[$name]:-nothing}' with '$told'"
        fi
    done
    undone
    [ ${#names[@]} -gt 0 ] || return
    local left
    # Prometheus sends an alert anew within a minute, and each look takes some seconds.
    for _ in $(seq 30); do
        left=
        whole_run "$only"
        for name in "${names[@]}"; do green "${verdict[$name]:-}" "${before[$name]:-}" || left="$left $name"; done
        [ -n "$left" ] || break
        sleep 3
    done
    equal "group $1: undone, they are green by --only" "" "$left"
    for name in "${good[@]}"; do [[ " $left " == *" $name "* ]] || echo "proven $name"; done
    echo "  group $1 took $((SECONDS - began)) s"
}

asked=$(rows "$@")
[ -n "$asked" ] || {
    echo "usage: $0 all | 0 | 1 | 2 | NAME..." >&2
    exit 64
}
rm -rf $proofs
mkdir -m 711 $proofs
: >$proofs/undo
: >$proofs/later
: >$proofs/until
trap 'undone' EXIT
undo rm -rf /run/systemd/system/$unit.d
mkdir -p /run/systemd/system/$unit.d
# shellcheck disable=SC2016 # systemd replaces the variable
printf '[Service]\nTimeoutStartSec=300\nEnvironmentFile=%s\nIPAddressAllow=%s\nExecStart=\nExecStart=%s %s check --online --format json --output %s $ONLY\n' \
    $proofs/only $public "/opt/whatsapp/runtime/bin/java -XX:TieredStopAtLevel=1 @/opt/whatsapp/lib/java.options -Dorg.sqlite.lib.path=/opt/whatsapp/lib/native" \
    "-Djavax.net.ssl.trustStore=$proofs/authorities.p12 -Djavax.net.ssl.trustStorePassword=red-proof -jar /opt/whatsapp/lib/whatsapp.jar" $report \
    >/run/systemd/system/$unit.d/red-proof.conf
systemctl daemon-reload
outside_view
# A copy of the machine that was kept for days has neither a young backup nor a gateway that was ever stopped.
systemctl start whatsapp-backup.service
gateway_again
: >$proofs/undo

began=$SECONDS
# Just booted, Prometheus has neither figures nor alerts yet. On a busy machine a check may have had no time.
for _ in $(seq 15); do
    whole_run || red=" no report"
    [ -n "$red" ] || [[ "${evidence[*]}" == *"did not end within"* || "${evidence[*]}" == *"answer in time"* ]] || break
    sleep 5
done
for name in $red; do bad "$name is red before any break: ${evidence[$name]:-}"; done
for name in "${!verdict[@]}"; do before[$name]=${verdict[$name]}; done
# By a variable, because shfmt takes a name with dashes for a subtraction.
name=certificate-from-outside
equal "the edge looks sound from outside before any break" pass "${before[$name]:-}"
python3 -c 'import json, sys
for check in json.load(open(sys.argv[1]))["checks"]:
    print("check", check["name"], *check["ids"])' $report
mapfile -t groups < <(cut -f2 <<<"$asked" | sort -nu)
for group in "${groups[@]}"; do proved "$group"; done
whole_run || bad "a whole run after the last break"
equal "nothing is red after the last break" "" "$(sorted "$red")"
figure red_proofs_s $((SECONDS - began))
outside_view_gone
rm -f $report
rm -rf /run/systemd/system/$unit.d
systemctl daemon-reload
