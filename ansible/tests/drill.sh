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
cat >/tmp/receivers.py <<'PYTHON'
import http.server, itertools, pathlib, socketserver, threading
number = itertools.count()
def keep(kind, body): pathlib.Path("/tmp/told", kind, f"{next(number):04}").write_bytes(body)
class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                keep("mail", b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
class Post(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        keep("post", self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200); self.end_headers()
    def log_message(self, *words): pass
threading.Thread(target=socketserver.ThreadingTCPServer(("127.0.0.1", 2525), Mail).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", 9999), Post).serve_forever()
PYTHON
python3 /tmp/receivers.py &
receivers=$!
trap 'kill $receivers' EXIT

for unit in prometheus prometheus-alertmanager prometheus-node-exporter prometheus-nginx-exporter mtail; do
    check "$unit runs" systemctl is-active $unit
    check "$unit's exposure is 1.1 or less" systemd-analyze security --no-pager --threshold=11 $unit.service
done
check "whatsapp-host-figures' exposure is 2.5 or less" systemd-analyze security --no-pager --threshold=25 whatsapp-host-figures.service
# The accounts that may silence an alert: an administrator's. The gateway's, a companion's and nobody's may not even connect.
for account in whatsapp responder nobody www-data; do
    refuse "$account cannot silence alerts" setpriv --reuid=$account --clear-groups amtool --alertmanager.url=http://127.0.0.1:9093 silence add \
        alertname=~.+ --author=x --comment=x --duration=1m
    refuse "nor read the figures" setpriv --reuid=$account --clear-groups curl -sS --max-time 5 http://127.0.0.1:9090/api/v1/query?query=up
done
equal "no silence was made" "" "$(amtool silence query -q)"
check "an administrator can" setpriv --reuid=ops --clear-groups curl -sSf --max-time 5 http://127.0.0.1:9093/-/ready
https 127.0.0.1 /app/devices -o /dev/null
for _ in $(seq 40); do
    series 'nginx_responses_total{code="401"} > 0' && break
    sleep 1
done
check "what the edge refused is counted" series 'nginx_responses_total{code="401"} > 0'
check "nginx tells its connections" series 'nginx_connections_active > 0'
check "the host's figures can be made" systemctl start whatsapp-host-figures.service
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

# Resident memory of all of it, in MiB.
total=0
for unit in prometheus prometheus-alertmanager prometheus-node-exporter prometheus-nginx-exporter mtail; do
    kib=$(awk '/^VmRSS/ {print $2}' "/proc/$(systemctl show -P MainPID $unit)/status")
    echo "  $unit $((kib / 1024)) MiB"
    total=$((total + kib))
done
figure monitoring_rss_mib $((total / 1024))
check "the monitoring takes 200 MB or less" test $((total / 1024)) -le 190
