# shellcheck shell=bash disable=SC2034,SC2154 # run sources this file after machine.sh, which sets and uses the directories and processes
# Sourced: changes of settings on a copy of the converged machine, by transitions.tsv. After each of them a second run changes nothing, no
# alert is left, and nothing of the former state. The tier makes the rows that TRANSITIONS names, after the playbook has brought the copy up
# to this commit.

transitions_table=$here/transitions.tsv
# transition_row NUMBER COLUMN: a cell of the table.
transition_row() { awk -F'\t' -v number="$1" -v column="$2" '$1 == number {print $column}' "$transitions_table"; }
# adapted NUMBER: the variables of a row as a file, and the port on which sshd answers now in the inventory.
adapted() {
    local variables
    variables=$(transition_row "$1" 3)
    [ "$variables" != - ] || variables={}
    printf '%s\n' "$variables" >"$results/transition.json"
    sed "s/^      ansible_user: ops/&\n      ansible_port: $(guest sshd -T | sed -n 's/^port //p')/" "$here/inventory.yml" >"$results/inventory.yml"
}
# tags NUMBER: the arguments that limit a run to the row's parts.
tags() {
    local parts
    parts=$(transition_row "$1" 4)
    [ "$parts" = all ] || echo "--tags $parts"
}
# changed NUMBER [LOG]: the playbook with the row's settings.
changed() {
    adapted "$1"
    # shellcheck disable=SC2046 # two words
    logged "${2:-transition-$1}" site.yml -e @/srv/scratch/transition.json $(tags "$1")
}
# again NUMBER: a second run, which changes nothing.
again() {
    changed "$1" "transition-$1-again" || return
    echo "changed: $(changing "$results/transition-$1-again.log")"
    [ "$(changes "$results/transition-$1-again.log")" = 0 ]
}
# more: the alerts that fire or are about to, and did not before the row. The rows themselves start the gateway more often than twice an hour.
more() {
    guest test -e /usr/bin/prometheus || return 0
    guest BEFORE="$before" bash -c '. /srv/tests/calm.sh; calm | grep -v "^GatewayRestarts " | cut -d" " -f1 | sort -u | grep -vxF "$BEFORE"' | xargs
}
no_more() {
    local left
    for _ in $(seq 100); do
        left=$(more)
        [ -n "$left" ] || return 0
        sleep 1
    done
    guest bash -c '. /srv/tests/calm.sh; calm'
    echo "left: $left"
    return 1
}
# items WANT NUMBER COLUMN: what transition.sh says of the row's items.
items() {
    local list
    list=$(transition_row "$2" "$3")
    [ "$list" != - ] || return 0
    # shellcheck disable=SC2086 # a list
    guest timeout 300 bash /srv/tests/transition.sh "$1" $list >"$results/transition-$2-$1.log" 2>&1 || bad "transition.sh did not finish"
    sed -i "s/^\(ok\|FAIL\) /&$2: /" "$results/transition-$2-$1.log"
    tell "$results/transition-$2-$1.log"
}

# needed NUMBER: what is outside of the machine for the row's settings: an authority.
needed() {
    case $(transition_row "$1" 3) in
        *edge_acme_server*) authority ;;
    esac
}

# prepared NAME COMMAND...: like check, but in this shell, because the command may start other machines.
prepared() {
    local name=$1
    shift
    if "$@" >"$results/prepared.log" 2>&1; then ok "$name"; else
        bad "$name"
        tail -8 "$results/prepared.log" | sed 's/^/        /'
    fi
}
# there_first NUMBER: the settings of another row, which are not looked at.
there_first() { needed "$1" && changed "$1"; }

# transition NUMBER: one row, and its seconds.
transition() {
    local number=$1 name began failed_before=$failed before
    name=$(transition_row "$number" 2)
    # A way back that is asked for alone begins with the way there.
    if [ $((number % 2)) = 0 ] && [ "$stands" != $((number - 1)) ]; then
        prepared "$number: the way there" there_first $((number - 1))
    fi
    say "transition $number: $name"
    before=$(guest test -e /usr/bin/prometheus && guest bash -c '. /srv/tests/calm.sh; calm | cut -d" " -f1 | sort -u')
    prepared "$number: what the row needs outside of the machine" needed "$number"
    began=$SECONDS
    check "$number: the playbook goes through" changed "$number"
    local first=$((SECONDS - began))
    items there "$number" 6
    items gone "$number" 5
    check "$number: a second run changes nothing" again "$number"
    check "$number: the gateway answers" guest sh -c 'port=$(sed -n "s/^APP_PORT=//p" /etc/whatsapp/environment); curl -sSf --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$port/readyz"'
    # An alert needs the figures of the host, a scrape and an evaluation before it can be about to fire.
    [ $((SECONDS - began)) -ge 45 ] || sleep $((45 - SECONDS + began))
    check "$number: no alert is left" no_more
    ! declare -F "transition_$number" >/dev/null || "transition_$number"
    stands=$number
    [ "$failed" = "$failed_before" ] || transitions_failed=$((transitions_failed + 1))
    transitions_made=$((transitions_made + 1))
    echo "figure transition_${number}_s $((SECONDS - began))"
    echo "  transition $number took $((SECONDS - began)) s, $first s of them the change"
}

# transitions_on MACHINE NUMBER...: boots a copy of the converged machine under the name, and makes the rows. In a shell of its own, because it
# is ended by a signal.
transitions_on() {
    local from=$results number stands=0 transitions_made=0 transitions_failed=0
    local results=$results/$1
    nspawn=
    leader=
    passed=0 failed=0 failures=
    trap halt_all EXIT
    trap 'exit 1' INT TERM
    mkdir -p "$results"
    rm -rf "$results/machine"
    cp "$from/"{whatsapp.deb,key,inventory.yml,operator.asc} "$results/"
    cp -a "$cache/converged" "$results/machine"
    boot "$results/machine" || {
        echo "  FAIL the container of the transitions boots"
        exit
    }
    guest sh -c 'systemctl start receivers 2>/dev/null || { mkdir -p /run/receivers/mail /run/receivers/post
        systemd-run --quiet --unit=receivers python3 /srv/tests/receivers.py /run/receivers; }'
    check "the playbook brings the copy up to this commit" logged converge site.yml
    # Just booted, Prometheus has neither figures nor alerts yet.
    local before=
    check "no alert before the first row" no_more
    for number in "${@:2}"; do transition "$number"; done
    if [ $((stands % 2)) = 0 ]; then
        # What a row's tags left out would show here.
        check "after the last row a run of the whole playbook changes nothing" whole
    fi
    echo "figure transitions $transitions_made"
    echo "figure transitions_failed $transitions_failed"
    halt_all
    rm -rf "$results/machine"
}
whole() {
    logged whole site.yml || return
    echo "changed: $(changing "$results/whole.log")"
    [ "$(changes "$results/whole.log")" = 0 ]
}

# transitions_asked: the rows that TRANSITIONS names.
transitions_asked() {
    case ${TRANSITIONS:-all} in
        all) grep -o '^[0-9]*	' "$transitions_table" | xargs ;;
        *) echo "$TRANSITIONS" ;;
    esac
}
transitions_checks() {
    local number
    for number in $(transitions_asked); do
        if [[ ! $number =~ ^[0-9]+$ ]] || [ -z "$(transition_row "$number" 2)" ]; then
            bad "TRANSITIONS names '$number', which is no row of transitions.tsv"
            return
        fi
    done
    # shellcheck disable=SC2046 # a list
    (transitions_on transitions $(transitions_asked)) >"$results/transitions.log" 2>&1
    transitions_told
}
# transitions_told: counts what the other shell reported. A log without its last figure is of a run that did not end.
transitions_told() {
    local log=$results/transitions.log
    sed -n 's/^  ok  */ok /p; s/^  FAIL  */FAIL /p; s/^FAIL /&/p; /^figure /p' "$log" >"$results/transitions.told"
    sed -i '/^transition/d' "$figures" 2>/dev/null
    tell "$results/transitions.told"
    grep -A8 '^  FAIL' "$log"
    grep 's of them the change' "$log"
    grep -q '^figure transitions_failed ' "$log" || bad "the transitions came to their end: $(tail -3 "$log" | tr '\n' ' ')"
}
