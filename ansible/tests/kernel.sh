#!/bin/bash
# Runs inside the virtual machine at each boot, as root, and reports on the console what only a kernel of one's own can show.
set -u
. "$(dirname "$0")/report.sh"
. "$(dirname "$0")/rotation.sh"
note=/var/lib/appliance-test
mkdir -p "$note"
boot=first
[ ! -e "$note/booted" ] || boot=second
touch "$note/booted"
echo "begin $boot boot"

# Under emulation the units need their time.
for _ in $(seq 60); do
    curl -s -o /dev/null --max-time 20 http://127.0.0.1:3000/livez && break
    sleep 5
done

pid() { systemctl show -P MainPID whatsapp; }
denials() { {
    cat /var/log/audit/audit.log* 2>/dev/null
    journalctl -k -o cat --no-pager
} | grep 'apparmor="DENIED"' | grep -E 'profile="whatsapp(-backup|-check|-check-root)?"' | sort -u; }

# What the gateway said, when it does not run: the console's log is all that is left of this machine.
evidence() { systemctl -q is-active whatsapp || journalctl -u whatsapp -b --no-pager -o short-monotonic -n 40; }

guide() {
    check "guide: sudo aa-enforce /etc/apparmor.d/whatsapp" sh -c 'sudo aa-enforce /etc/apparmor.d/whatsapp && aa-status --profiled >/dev/null && grep -q "^whatsapp (enforce)" /sys/kernel/security/apparmor/profiles'
    for key in whatsapp_db whatsapp_config; do check "guide: sudo ausearch -k $key" sh -c "sudo ausearch -k $key --input-logs </dev/null | grep -q SYSCALL"; done
}

standing() {
    for unit in whatsapp nginx fail2ban ssh responder auditd apparmor ufw; do check "$boot boot: $unit runs" systemctl is-active $unit; done
    evidence
    equal "$boot boot: no unit has failed" "" "$(systemctl list-units --failed --plain --no-legend | awk '{print $1}' | xargs)"
    equal "$boot boot: AppArmor enforces the profile on the gateway" "whatsapp (enforce)" "$(cat "/proc/$(pid)/attr/current")"
    check "$boot boot: the audit rules are locked" sh -c 'auditctl -s | grep -q "^enabled 2"'
    equal "$boot boot: every audit rule is loaded" "$(grep -cE '^-a' /etc/audit/audit.rules)" "$(auditctl -l | grep -cE '^-(a|w)')"
    check "$boot boot: the firewall is up" sh -c 'ufw status | grep -q "Status: active"'
    local wrong=""
    while read -r name _ value; do
        [ "$(sysctl -n "$name" 2>/dev/null)" = "$value" ] || wrong="$wrong $name=$(sysctl -n "$name" 2>/dev/null)"
    done < <(grep -v '^#' /etc/sysctl.d/60-whatsapp.conf)
    equal "$boot boot: every kernel parameter is as set" "" "$wrong"
    equal "$boot boot: memory is limited" 536870912 "$(cat /sys/fs/cgroup/system.slice/whatsapp.service/memory.max)"
}

# What no container shows: the backup's own profile lets it do its work.
backups() {
    check "a backup is made under AppArmor" systemctl start whatsapp-backup.service
    check "and a drill restores it" systemctl start whatsapp-backup-drill.service
}

# And those of the checks let them see all that they look at.
checks() {
    local report
    check "root's half of the checks runs under AppArmor" systemctl start whatsapp-check.service
    check "and a report" systemctl start whatsapp-check@post.service
    report=$(find /var/lib/whatsapp-check/reports -name 'post-*.json' | sort | tail -1)
    # Under emulation a check may have no time; what it was refused is among the denials.
    equal "nothing of severity high is red" "" "$(python3 -c 'import json, sys
print(*(c["name"] + ": " + c["evidence"] for c in json.load(open(sys.argv[1]))["checks"]
        if c["severity"] == "high" and c["verdict"] in ("fail", "unknown") and "did not end within" not in c["evidence"]))' "$report")"
}

traffic() {
    https 127.0.0.1 /app/login -u $good -o /dev/null --max-time 90
    https 127.0.0.1 /sandbox/pair -X POST -u $good -o /dev/null --max-time 90
    sleep 5
    equal "a send over HTTPS is accepted" 200 "$(status 127.0.0.1 /send/message -u $good -H 'Content-Type: application/json' --max-time 90 -d '{"phone":"6281234567890","message":"hello"}')"
    base64 -d >/tmp/dot.png <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
    equal "so is a picture" 200 "$(status 127.0.0.1 /send/image -u $good --max-time 120 -F phone=6281234567890 -F image=@/tmp/dot.png)"
    for path in / /docs /openapi.yaml /livez /readyz?verbose /app/devices /app/login /user/info?phone=6281234567890 /chats /webhooks /no-such-route; do
        status 127.0.0.1 "$path" -u $good --max-time 90 >/dev/null
    done
    status 127.0.0.1 /app/devices -u admin:wrong-password-00000 >/dev/null
    curl -s -o /dev/null -u $good --max-time 60 -H 'Content-Type: application/json' -d '{"from":"6281234567890","message":"ping"}' http://127.0.0.1:3000/sandbox/inbound
    curl -s -o /dev/null --max-time 60 http://127.0.0.1:13000/metrics
    sleep 10
    backups
    checks
    # A line through the web engine, so that what this engine does is among what AppArmor has let pass. The rotation comes after it, because
    # that gives the password another value.
    TWIN=/tools/twin PATIENCE=240 bash "$(dirname "$0")/line.sh"
    rotation
    systemctl restart whatsapp
    check "it restarts under confinement" systemctl is-active whatsapp
    evidence
    printf %s admin:instance-test-password-1 | systemd-creds encrypt --name=app-basic-auth - /etc/credstore.encrypted/whatsapp@3001.app-basic-auth
    check "another instance starts" systemctl start whatsapp@3001
    equal "it is confined too" "whatsapp (enforce)" "$(cat "/proc/$(systemctl show -P MainPID whatsapp@3001)/attr/current")"
    equal "it answers its own users" 200 "$(curl -s -o /dev/null -w '%{http_code}' --max-time 90 -u admin:instance-test-password-1 http://127.0.0.1:3001/app/devices)"
    systemctl stop whatsapp@3001
    denials >"$note/unexpected"
    equal "AppArmor denied nothing of that" "" "$(sed -E 's/.*operation="([^"]*)".*profile="([^"]*)" name="([^"]*)".*requested_mask="([^"]*)".*/\2: \1 \4 \3;/' "$note/unexpected" | sort | uniq -c | head -12 | xargs)"
    figure unexpected_denials "$(wc -l <"$note/unexpected")"
}

intruder() {
    mkdir -p /etc/whatsapp/probe
    cp /tools/Probe*.class /etc/whatsapp/probe/
    aa-exec -p whatsapp -- /opt/whatsapp/runtime/bin/java -Xshare:auto -cp /etc/whatsapp/probe Probe forbidden >"$note/forbidden" 2>&1
    while read -r word name; do
        case $word in denied) ok "an intruder cannot $name" ;; allowed) bad "an intruder can $name" ;; esac
    done <"$note/forbidden"
    figure forbidden_denied "$(grep -c '^denied' "$note/forbidden")"
    check "at least ten things are forbidden" test "$(grep -c '^denied' "$note/forbidden")" -ge 10
}

# in_unit ARGUMENTS: the probe in the gateway's own unit.
in_unit() {
    sed -e '/^ExecStart=/,/[^\\]$/d' -e '/^ *-Dorg/d' -e '/^Type=/d' -e '/^WatchdogSec/d' -e '/^NotifyAccess/d' -e '/^Restart/d' -e '/^LoadCred/d' \
        -e "s|^\[Service\]|[Service]\nType=oneshot\nExecStart=/opt/whatsapp/runtime/bin/java -Xshare:auto -cp /etc/whatsapp/probe Probe $*|" \
        -e 's/^TimeoutStartSec=.*/TimeoutStartSec=300/' /etc/systemd/system/whatsapp.service >/run/systemd/system/probe.service
    systemctl daemon-reload
    systemctl start probe.service
}
filters() {
    # Addresses of this machine alone: there is no network card.
    ip addr add 10.9.9.9/32 dev lo
    ip addr add 169.254.169.254/32 dev lo
    python3 -m http.server --bind 0.0.0.0 8099 >/dev/null 2>&1 &
    local server=$!
    sleep 8
    check "loopback is open to the gateway" in_unit connect 127.0.0.1 8099
    for address in 10.9.9.9 169.254.169.254; do
        check "$address answers others" curl -s -o /dev/null --max-time 20 http://$address:8099/
        refuse "but not the gateway" in_unit connect $address 8099
    done
    refuse "the gateway cannot listen on another port" in_unit bind 8111
    refuse "nor speak to the system bus" in_unit bus
    kill $server
    rm -f /run/systemd/system/probe.service
    systemctl daemon-reload
    systemctl reset-failed
}

# somebody COMMAND: as root in the session of a logged-in administrator, which is whom most rules look for.
somebody() { bash -c "echo 1000 >/proc/self/loginuid; $1" >/dev/null 2>&1; }
auditing() {
    refuse "the rules cannot be removed" auditctl -D
    somebody 'touch /etc/passwd; touch /etc/sudoers; touch /etc/ssh/sshd_config; touch /etc/nginx/nginx.conf; touch /etc/nftables.conf; nft list tables'
    somebody 'rmmod no_such_module; date -s "$(date)"; hostname "$(hostname)"; mount -o remount,rw /; touch /etc/systemd/system/probe.service; rm /etc/systemd/system/probe.service'
    somebody 'touch /etc/apt/sources.list.d/tests.list; apparmor_parser --version; touch /etc/apparmor.d/whatsapp; touch /etc/audit/auditd.conf; touch /etc/fail2ban/fail2ban.conf'
    somebody 'cat /opt/whatsapp/storages/*.db; touch /etc/whatsapp/environment; cat /etc/credstore.encrypted/whatsapp.app-basic-auth; touch /opt/whatsapp/lib/java.options; touch /var/log/whatsapp/security.log'
    setpriv --reuid=whatsapp --regid=whatsapp --clear-groups /usr/bin/id >/dev/null 2>&1
    sleep 8
    # shellcheck disable=SC2013 # read word by word, because a key has no blank
    for key in $(grep -oE 'key=[a-z0-9_]+' /etc/audit/audit.rules | cut -d= -f2 | sort -u); do
        check "audit key $key fires" sh -c "ausearch --input-logs -k $key --raw </dev/null | grep -q SYSCALL"
    done
    figure audit_keys "$(grep -oE 'key=[a-z0-9_]+' /etc/audit/audit.rules | sort -u | wc -l)"
    equal "no audit event was lost" 0 "$(auditctl -s | sed -n 's/^lost //p')"
}

# What guards the host, as the figures tell it: what no container has.
guarded() {
    local figures=/var/lib/prometheus/node-exporter/whatsapp_guard.prom profile
    systemctl start whatsapp-guard-figures.service
    check "auditd is seen" grep -qx 'whatsapp_auditd_listening 1' $figures
    check "and that the rules are locked" grep -qx 'whatsapp_auditd_enabled 2' $figures
    for profile in whatsapp whatsapp-backup whatsapp-check whatsapp-check-root; do
        check "profile $profile is seen" grep -qx "whatsapp_apparmor_enforced{profile=\"$profile\"} 1" $figures
    done
    apparmor_parser -R /etc/apparmor.d/whatsapp-backup
    systemctl start whatsapp-guard-figures.service
    check "an unloaded profile is told" grep -qx 'whatsapp_apparmor_enforced{profile="whatsapp-backup"} 0' $figures
    apparmor_parser -r /etc/apparmor.d/whatsapp-backup
}

standing
if [ $boot = first ]; then
    traffic
    intruder
    filters
    auditing
    guide
    guarded
fi
echo "end $boot boot"
sync
