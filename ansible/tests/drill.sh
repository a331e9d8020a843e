#!/bin/bash
# Runs on the converged machine as root: the monitoring works, six bad logins, how soon a mail and a post tell of them, how soon it is
# over, and what the monitoring costs. Reports like inside.sh.
set -u

. "$(dirname "$0")/report.sh"

amtool() { command amtool --alertmanager.url=http://127.0.0.1:9093 "$@"; }
series() { curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1" | grep -q '"value"'; }
burst() { amtool alert query alertname=FailedLoginBurst -o simple | tail -n +2; }
told() { grep -l "$2" "$1"/* 2>/dev/null | head -1; }

# What the operator has: a mail server and a webhook, as the inventory names them.
rm -rf /tmp/told
mkdir -p /tmp/told/mail /tmp/told/post
python3 "$(dirname "$0")/receivers.py" /tmp/told &
receivers=$!
trap 'kill $receivers' EXIT

for unit in prometheus prometheus-alertmanager whatsapp-silences prometheus-node-exporter prometheus-nginx-exporter mtail; do
    check "$unit runs" systemctl is-active $unit
    check "$unit's exposure is 1.1 or less" systemd-analyze security --no-pager --threshold=11 $unit.service
done
check "whatsapp-host-figures' exposure is 2.5 or less" systemd-analyze security --no-pager --threshold=25 whatsapp-host-figures.service
# The accounts that may silence an alert: an administrator's. The gateway's, a companion's and nobody's may not even connect.
for account in whatsapp responder nobody www-data; do
    refuse "$account cannot silence alerts" setpriv --reuid=$account --clear-groups amtool --alertmanager.url=http://127.0.0.1:9093 silence add \
        alertname=~.+ --author=x --comment=x --duration=1m
    refuse "nor read the figures" setpriv --reuid=$account --clear-groups curl -sS --max-time 5 http://127.0.0.1:9090/api/v1/query?query=up
    refuse "nor make it read its files again" setpriv --reuid=$account --clear-groups curl -sS --max-time 5 -X POST http://127.0.0.1:9093/-/reload
    refuse "nor reach what tells of silences" setpriv --reuid=$account --clear-groups curl -sS --max-time 5 http://127.0.0.1:9095/-/ready
done
equal "no silence was made" "" "$(amtool silence query -q)"
check "an administrator can" setpriv --reuid=ops --clear-groups curl -sSf --max-time 5 http://127.0.0.1:9093/-/ready
refuse "but not reach what tells of silences" setpriv --reuid=ops --clear-groups curl -sSf --max-time 5 http://127.0.0.1:9095/-/ready
refuse "not even root can silence that" env amtool --alertmanager.url=http://127.0.0.1:9095 silence add alertname=~.+ --author=x --comment=x --duration=1m
equal "nobody reloads Prometheus by HTTP" 403 "$(curl -sS -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:9090/-/reload)"
check "the links of an alert open: the runbook" sh -c 'curl -sSf http://127.0.0.1:9090/consoles/runbook.html | grep -q "id=\"failedloginburst\""'
check "and the figures" curl -sSf -o /dev/null 'http://127.0.0.1:9090/classic/graph?g0.expr=up&g0.tab=1'
check "and the classic page of alerts" curl -sSf -o /dev/null http://127.0.0.1:9090/classic/alerts
https 127.0.0.1 /app/devices -o /dev/null
for _ in $(seq 40); do
    series 'nginx_responses_total{code="401"} > 0' && break
    sleep 1
done
check "what the edge refused is counted" series 'nginx_responses_total{code="401"} > 0'
check "nginx tells its connections" series 'nginx_connections_active > 0'
# The service manager gives no answer while a playbook beside this makes it read its units again; the next figures have it.
for _ in $(seq 10); do
    systemctl start whatsapp-host-figures.service || break
    grep -q '^whatsapp_unit_active{unit="whatsapp.service"} 1' /var/lib/prometheus/node-exporter/whatsapp.prom && break
    sleep 3
done
check "the host's figures can be made" sh -c 'systemctl show -P Result whatsapp-host-figures.service | grep -qx success'
check "and were" grep -q '^whatsapp_unit_active{unit="whatsapp.service"} 1' /var/lib/prometheus/node-exporter/whatsapp.prom
check "among them the bans" grep -q 'whatsapp_fail2ban_banned{jail="whatsapp"}' /var/lib/prometheus/node-exporter/whatsapp.prom
check "and the certificate" grep -q whatsapp_certificate_not_after /var/lib/prometheus/node-exporter/whatsapp.prom
for log in journal edge security; do
    check "and the age of the $log log" grep -q "whatsapp_log_oldest_age_seconds{log=\"$log\"}" /var/lib/prometheus/node-exporter/whatsapp.prom
done
check "the console page is served" sh -c 'curl -sS http://127.0.0.1:9090/consoles/whatsapp.html | grep -q "failed logins, last minute"'
check "the edge's log is kept for the policy's days" grep -qE 'maxage +90' /etc/logrotate.d/nginx
check "so is the security log" grep -qE 'maxage +90' /etc/logrotate.d/whatsapp-security
check "so is the journal" grep -qx 'MaxRetentionSec=90day' /etc/systemd/journald.conf.d/whatsapp.conf
check "the security log can be rotated" logrotate --force /etc/logrotate.d/whatsapp-security
check "its old lines are kept" test -s /var/log/whatsapp/security.log.1
curl -sS -o /dev/null -u admin:wrong-password-00000 http://127.0.0.1:3000/app/devices
sleep 1
check "the gateway goes on in the new file" test -s /var/log/whatsapp/security.log
check "and the chain over both is sound" whatsapp audit verify --log /var/log/whatsapp/security.log --seed /opt/whatsapp/storages/audit/audit.seed --key /opt/whatsapp/storages/audit/audit.pub

# The failed logins of the tests before have to be over: a burst that goes on is not told again.
for _ in $(seq 40); do
    [ -z "$(burst)" ] && break
    sleep 5
done
equal "no burst before the drill" "" "$(burst)"

rm -f /tmp/told/*/*
began=$(date +%s)
for i in 1 2 3 4 5 6; do curl -sS -o /dev/null -u drill:wrong-password-$i http://127.0.0.1:3000/app/devices; done
for way in mail post; do
    firing='FIRING FailedLoginBurst'
    [ $way = mail ] || firing='"status":"firing".*FailedLoginBurst'
    for _ in $(seq 90); do
        [ -n "$(told /tmp/told/$way "$firing")" ] && break
        sleep 1
    done
    notice=$(told /tmp/told/$way "$firing")
    check "a $way tells of it" test -n "$notice"
    [ -z "$notice" ] || figure "alert_${way}_s" $(($(date -r "$notice" +%s) - began))
done
check "within 90 seconds" test $(($(date +%s) - began)) -le 90
for _ in $(seq 300); do
    grep -l FailedLoginBurst /tmp/told/post/* | xargs -r grep -ql '"status":"resolved"' && break
    sleep 1
done
check "and that it is over" sh -c "grep -l FailedLoginBurst /tmp/told/post/* | xargs -r grep -ql '\"status\":\"resolved\"'"
figure alert_resolved_s $(($(date +%s) - began))

# A silence of everything, by an administrator: the mail about it comes nevertheless.
rm -f /tmp/told/*/*
began=$(date +%s)
setpriv --reuid=ops --clear-groups amtool --alertmanager.url=http://127.0.0.1:9093 silence add severity=~.+ --author=ops --comment=drill --duration=30m >/tmp/silence
for way in mail post; do
    notice='FIRING AlertsSilenced'
    [ $way = mail ] || notice='"status":"firing".*AlertsSilenced'
    for _ in $(seq 90); do
        [ -n "$(told /tmp/told/$way "$notice")" ] && break
        sleep 1
    done
    check "a $way tells of a silence of every alert" test -n "$(told /tmp/told/$way "$notice")"
done
check "within 90 seconds" test $(($(date +%s) - began)) -le 90
figure silence_told_s $(($(date +%s) - began))
# Two links a mail: what to do, and the figures.
python3 -c '
import email, email.policy, re, sys
mail = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.default)
print(*sorted(set(re.findall(r"http://127\S+", mail.get_body(("plain",)).get_content()))), sep="\n")' "$(told /tmp/told/mail 'FIRING AlertsSilenced')" >/tmp/links
check "the links of the mail open" sh -c '[ "$(wc -l </tmp/links)" = 2 ] && xargs -n 1 curl -sSf -o /dev/null </tmp/links'
amtool silence expire "$(cat /tmp/silence)"

# Resident memory of all of it, in MiB. A page that two of them share counts once.
total=0
for unit in prometheus prometheus-alertmanager whatsapp-silences prometheus-node-exporter prometheus-nginx-exporter mtail; do
    kib=$(awk '/^Pss:/ {print $2}' "/proc/$(systemctl show -P MainPID $unit)/smaps_rollup")
    echo "  $unit $((kib / 1024)) MiB"
    total=$((total + kib))
done
figure monitoring_rss_mib $((total / 1024))
check "the monitoring takes 200 MB or less" test $((total / 1024)) -le 190
