#!/bin/bash
# Runs on the converged machine as root: what an intruder with root does to the guards of the host, and how soon each deed is told by a
# post. Afterwards all is as it was. Reports like inside.sh.
set -u
. "$(dirname "$0")/report.sh"

rm -rf /tmp/told /tmp/before
mkdir -p /tmp/told/mail /tmp/told/post
python3 "$(dirname "$0")/receivers.py" /tmp/told &
receivers=$!
trap 'kill $receivers' EXIT

# told ALERT WORDS: whether a post says that the alert fires with these words.
told() { grep -l '"status":"firing"' /tmp/told/post/* 2>/dev/null | xargs -r grep -lE "\"alertname\":\"$1\"[^}]*$2" | grep -q .; }

deeds='FilterOpen "part":"input"
FilterOpen "part":"watchers"
GuardStopped "unit":"fail2ban.service"
FiguresRemoved "severity":"critical"
WatchedFilesChanged "what":"keys"
WatchedFilesChanged "what":"cron"
WatchedFilesChanged "what":"pam"
WatchedFilesChanged "what":"loader"
WatchedFilesChanged "what":"monitoring"'

# alerts: the alerts of the guards that fire.
alerts() {
    amtool --alertmanager.url=http://127.0.0.1:9093 alert query -o simple 'alertname=~FilterOpen|GuardStopped|FiguresRemoved|WatchedFilesChanged' | tail -n +2
}
equal "no guard's alert fires before" "" "$(alerts)"

changed="/home/ops/.ssh/authorized_keys /etc/crontab /etc/pam.d/sshd /etc/prometheus/prometheus.yml"
# shellcheck disable=SC2086 # a list of files
tar -cpf /tmp/before $changed 2>/dev/null
began=$(date +%s)
for file in $changed; do echo '# a stranger was here' >>"$file"; done
touch /etc/ld.so.preload
systemctl stop fail2ban
ufw disable >/dev/null
nft flush ruleset
# Its timer would write the file again before anybody misses it.
systemctl stop whatsapp-host-figures.timer whatsapp-host-figures.service
rm /var/lib/prometheus/node-exporter/whatsapp.prom
last=0
while read -r alert words; do
    for _ in $(seq 120); do
        told "$alert" "$words" && break
        sleep 1
    done
    now=$(($(date +%s) - began))
    check "a deed is told: $alert $words" told "$alert" "$words"
    [ $now -le $last ] || last=$now
done <<<"$deeds"
check "within 90 seconds ($last)" test $last -le 90
figure watchers_told_max_s $last
check "the journal names the files" sh -c 'journalctl -u whatsapp-guard-figures -p warning --since -5min -o cat | grep -q authorized_keys'

tar -xpf /tmp/before -C /
rm -f /etc/ld.so.preload
ufw --force enable >/dev/null
systemctl restart whatsapp-watchers fail2ban whatsapp-host-figures.service whatsapp-host-figures.timer
for _ in $(seq 90); do
    [ -z "$(alerts)" ] && break
    sleep 1
done
equal "and it is over when all is as it was" "" "$(alerts)"
