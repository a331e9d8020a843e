#!/bin/bash
# Runs on the converged machine as root, after container.sh has set logging_remote: the journal and the security log go to the receiver of
# log-receiver.py. PART=first ends with a receiver that is away, PART=last begins with it. Reports like inside.sh.
set -u
. "$(dirname "$0")/report.sh"
place=/tmp/logs
prometheus=9090
receiver() { systemd-run --quiet --unit=test-logs --working-directory=$place python3 /srv/tests/log-receiver.py $place/received "$1" "$2" ca.pem; }
# arrived WORDS [TIMES]: whether the receiver has exactly so many lines with these words; arrived_from WORDS: whether it has any.
arrived() {
    for _ in $(seq 45); do
        [ "$(grep -c -- "$1" $place/received 2>/dev/null)" = "${2:-1}" ] && return
        sleep 1
    done
    echo "$(grep -c -- "$1" $place/received) lines"
    return 1
}
arrived_from() {
    for _ in $(seq 45); do
        grep -q -- "$1" $place/received 2>/dev/null && return
        sleep 1
    done
    return 1
}
waiting() { tail -n 1 /var/lib/whatsapp-logs/figures | sed -n 's/.*"size": *\([0-9]*\),.*/\1/p'; }
# waits MOST: whether, within two figures, at most so many lines wait; with a plus, at least so many.
waits() {
    for _ in $(seq 40); do
        case $1 in
            *+) [ "$(waiting)" -ge "${1%+}" ] && return ;;
            *) [ "$(waiting)" -le "$1" ] && return ;;
        esac
        sleep 1
    done
    echo "$(waiting) lines wait"
    return 1
}
# noticed: writes lines until one waits.
noticed() {
    for _ in $(seq 60); do
        logger -t sent-test "nobody listens"
        [ "$(waiting)" -ge 1 ] && return
        sleep 1
    done
    return 1
}
as() { setpriv --reuid="$1" --clear-groups "${@:2}"; }

if [ "$PART" = first ]; then
    receiver server.pem server.key
    logger -t sent-test "the first line"
    check "a line of the journal arrives at the other host" arrived "sent-test.* the first line"
    curl -s -o /dev/null -u drill:wrong-password-of-sent http://127.0.0.1:3000/app/devices
    check "so does a line of the security log" arrived_from 'whatsapp-security .*authn_login_fail'
    { printf 'long ' && head -c 20000 /dev/zero | tr '\0' x && echo ' end'; } | systemd-cat -t sent-test
    check "a long line arrives whole" arrived_from 'sent-test.* long x\{20000\} end'
    check "no line waits" waits 0
    check "what sends the logs has an exposure of 1.2 or less" systemd-analyze security --no-pager --threshold=12 whatsapp-logs.service
    refuse "its account connects to no other port" as whatsapp-logs curl -s -o /dev/null --max-time 3 http://127.0.0.1:3000/livez
    refuse "and to no other address" as whatsapp-logs bash -c '</dev/tcp/127.0.0.2/6514'
    check "other accounts do" as nobody curl -s -o /dev/null --max-time 3 http://127.0.0.1:3000/livez
    refuse "only root and the unit read the key" as whatsapp-logs sh -c 'cat /etc/credstore.encrypted/whatsapp.logs-key'
    refuse "the package's own service does not run" systemctl is-active rsyslog.service
    # A server with the right name and another authority, and one with the right authority and another name. Syslog has no acknowledgement,
    # so the first line after the receiver's end can still go into the connection that is over.
    systemctl stop test-logs
    check "the end of the receiver is noticed" noticed
    for wrong in stranger other; do
        receiver $wrong.pem $wrong.key
        logger -t sent-test "for nobody but the receiver: $wrong"
        check "a server with the certificate of a $wrong is refused" sh -c "for _ in \$(seq 40); do journalctl -q -u whatsapp-logs --since -60s -o cat | grep -iE 'certificate|peer|TLS' && exit; sleep 1; done; exit 1"
        refuse "and gets no line" grep -q "for nobody but the receiver: $wrong" $place/received
        systemctl stop test-logs
    done
    for number in $(seq 200); do echo "<14>sent-test: kept $number of 200"; done | systemd-cat -t sent-test
    check "without the receiver lines wait" waits 200+
    check "on disk" sh -c 'grep -q "kept 200 of 200" /var/lib/whatsapp-logs/ship.0*'
    systemctl kill --signal=KILL whatsapp-logs.service
    systemctl start whatsapp-host-figures.service
    refuse "the alert's figure tells of them" grep -q '^whatsapp_log_shipping_queued_lines 0$' /var/lib/prometheus/node-exporter/whatsapp.prom
    check "as a number" grep -qE '^whatsapp_log_shipping_queued_lines [1-9]' /var/lib/prometheus/node-exporter/whatsapp.prom
else
    check "the alert fires while the receiver is away" sh -c "for _ in \$(seq 300); do
        curl -sG http://127.0.0.1:$prometheus/api/v1/query --data-urlencode 'query=ALERTS{alertname=\"LogShippingFailing\",alertstate=\"firing\"}' | grep -q LogShippingFailing && exit
        sleep 1; done; exit 1"
    receiver server.pem server.key
    check "when the receiver is back, the lines that waited arrive" arrived_from "kept 200 of 200"
    # The unit was killed in between: the last few that were read may come twice, none may be lost.
    equal "none is lost, and they keep their order" "$(seq 200 | xargs)" "$(grep -o 'kept [0-9]* of' $place/received | cut -d' ' -f2 | awk '!seen[$1]++' | xargs)"
    check "at most 20 came twice" test "$(grep -c 'kept [0-9]* of 200' $place/received)" -le 220
    for wrong in stranger other; do check "and what the $wrong did not get" arrived "for nobody but the receiver: $wrong"; done
    check "no line waits any longer" waits 0
    systemctl start whatsapp-host-figures.service
    check "and the figure says so" grep -q '^whatsapp_log_shipping_queued_lines 0$' /var/lib/prometheus/node-exporter/whatsapp.prom
fi
