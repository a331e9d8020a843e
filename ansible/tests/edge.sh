#!/bin/bash
# Runs on the machine as root: a client machine of its own asks for the edge's port from outside. Reports like inside.sh.
#   ASK=watch        beside the first converge, until /run/edge-watched is there: the port is shut, also while the edge listens, until a
#                    report of the phase pre is there
#   ASK=shut | open  once
set -u
. "$(dirname "$0")/inside-network.sh"

reports=/var/lib/whatsapp-check/reports
addresses="192.0.2.1 2001:db8::1"
pre() { find $reports -name 'pre-*.json' 2>/dev/null | sort | tail -1; }
# red REPORT: the checks of severity high that are red there.
red() {
    python3 -c 'import json, sys
print(*(c["name"] for c in json.load(open(sys.argv[1]))["checks"] if c["severity"] == "high" and c["verdict"] in ("fail", "unknown")))' "$1"
}

# watched: asks every half second until the port is open.
watched() {
    local listening=0
    until reaches 192.0.2.1 443 2>/dev/null; do
        ! ss -Htln 'sport = :443' | grep -q . || listening=$((listening + 1))
        [ ! -e /run/edge-watched ] || {
            bad "the edge opens in the end"
            return
        }
        sleep 0.5
    done
    local report
    report=$(pre)
    ok "the edge opens in the end"
    check "it has listened behind a shut port before (asked $listening times)" test "$listening" -ge 3
    check "a report of the phase pre was there first" test -s "$report"
    equal "and nothing of severity high was red in it" "" "$(red "$report")"
}

wire
case ${ASK:-} in
    watch) watched ;;
    shut)
        check "the edge listens" sh -c 'ss -Htln "sport = :443" | grep -q .'
        for address in $addresses; do
            refuse "443 is shut on $address" reaches "$address" 443
            refuse "80 too, because no authority asks there, on $address" reaches "$address" 80
            check "ssh is open on $address" reaches "$address" 2222
        done
        ;;
    open) for address in $addresses; do for port in 443 80; do check "$port is open on $address" reaches "$address" $port; done; done ;;
esac
unwire
