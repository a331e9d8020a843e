#!/bin/bash
# Runs on the converged machine as root and says of each promise whether it holds: "ok NAME" or "FAIL NAME".
# The same checks serve the container and the virtual machine; what needs a kernel of one's own is in kernel.sh.
set -u

. "$(dirname "$0")/inside-network.sh"
. "$(dirname "$0")/rotation.sh"

services() {
    for unit in whatsapp nginx fail2ban ssh responder answerer systemd-journald; do check "$unit runs" systemctl is-active $unit; done
    failed=$(systemctl list-units --failed --plain --no-legend | awk '{print $1}' | grep -vE '^(audit-rules|acct|auditd)\.service$')
    equal "no unit has failed" "" "$failed"
    check "the gateway starts at boot" systemctl is-enabled whatsapp
    equal "the gateway runs the program of the image" /opt/whatsapp/runtime/bin/java "$(readlink /proc/"$(systemctl show -P MainPID whatsapp)"/exe)"
    equal "as its own user" whatsapp "$(stat -c %U /proc/"$(systemctl show -P MainPID whatsapp)")"
}

exposure() {
    check "the gateway's exposure is 1.1 or less" systemd-analyze security --no-pager --threshold=11 whatsapp.service
    figure exposure "$(systemd-analyze security --no-pager whatsapp.service | sed -n 's/.*whatsapp.service: \([0-9.]*\).*/\1/p')"
    for unit in nginx fail2ban responder answerer whatsapp-certificate whatsapp-digest whatsapp@3001; do
        check "$unit's exposure is 2.5 or less" systemd-analyze security --no-pager --threshold=25 $unit.service
        figure "exposure_$unit" "$(systemd-analyze security --no-pager $unit.service | sed -n 's/.*service: \([0-9.]*\) .*/\1/p' | tail -1)"
    done
}

listeners() {
    public=$(ss -Htln | awk '{print $4}' | grep -vE '^(127\.|\[::1\]|\[::ffff:127)' | sed 's/.*://' | sort -un | xargs)
    equal "only ssh and the edge listen beyond loopback" "80 443 2222" "$public"
}

sending() {
    # The sandbox engine's account is paired by a simulated scan.
    https 127.0.0.1 /app/login -u $good -o /dev/null
    https 127.0.0.1 /sandbox/pair -X POST -u $good -o /dev/null
    for _ in $(seq 20); do
        [ "$(status 127.0.0.1 /app/devices -u $good)" = 200 ] && break
        sleep 1
    done
    equal "an authenticated send over HTTPS is accepted" 200 \
        "$(status 127.0.0.1 /send/message -u $good -H 'Content-Type: application/json' -d '{"phone":"6281234567890","message":"hello"}')"
    equal "one without credentials is not" 401 "$(status 127.0.0.1 /send/message -H 'Content-Type: application/json' -d '{"phone":"6281234567890","message":"hello"}')"
    equal "nor one with a wrong password" 401 "$(status 127.0.0.1 /send/message -u admin:wrong-password-000000 -d '{}')"
    check "HTTP/2 is spoken" sh -c "curl -sS --cacert $ca --resolve $domain:443:127.0.0.1 -o /dev/null -w '%{http_version}' https://$domain/livez | grep -qx 2"
}

edge() {
    headers 200 127.0.0.2 /livez
    headers 401 127.0.0.2 /app/devices
    headers 404 127.0.0.2 /no-such-route -u $good
    head -c 400000 /dev/zero >/tmp/large
    headers 413 127.0.0.2 /app/devices -u $good --data-binary @/tmp/large
    refused=$(burst 127.0.0.3)
    judge 429 "$refused"
    check "a refused burst says when to come back" grep -qi '^retry-after: *[0-9]' <<<"$refused"
    sleep 4
    equal "and is served again afterwards" 200 "$(status 127.0.0.3 /livez)"

    equal "plain HTTP is sent to HTTPS" "308 https://$domain/x?y=1" \
        "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' -H "Host: $domain" 'http://127.0.0.1/x?y=1')"
    mkdir -p /var/www/whatsapp-acme/.well-known/acme-challenge
    echo token >/var/www/whatsapp-acme/.well-known/acme-challenge/probe
    equal "but not the certificate authority's question" token "$(curl -sS -H "Host: $domain" http://127.0.0.1/.well-known/acme-challenge/probe)"
    rm -f /var/www/whatsapp-acme/.well-known/acme-challenge/probe
    refuse "another host name gets no answer" curl -sS --max-time 5 -H 'Host: other.test' http://127.0.0.1/
    refuse "another TLS name gets no certificate" sh -c "curl -sSk --max-time 5 --resolve other.test:443:127.0.0.1 https://other.test/"
    refuse "nor does none" sh -c 'echo | openssl s_client -connect 127.0.0.1:443 -noservername -brief 2>&1 | grep -q "Protocol version"'
    for old in tls1 tls1_1; do
        refuse "$old is refused" sh -c "echo | openssl s_client -connect 127.0.0.1:443 -servername $domain -$old -cipher ALL:@SECLEVEL=0 -brief 2>&1 | grep -q 'Protocol version'"
    done
    equal "the hybrid post-quantum exchange is preferred" X25519MLKEM768 \
        "$(echo | openssl s_client -connect 127.0.0.1:443 -servername $domain 2>/dev/null | sed -n 's/^Negotiated TLS1.3 group: //p')"
    equal "nginx has nothing to warn of" "" "$(nginx -t 2>&1 | grep -iE 'warn|emerg')"

    https 127.0.0.4 /app/devices -u admin:forged-address-00000 -H 'X-Forwarded-For: 203.0.113.9' -H 'X-Real-IP: 203.0.113.9' -H 'Forwarded: for=203.0.113.9' -o /dev/null
    sleep 1
    check "a forged client address does not reach the security log" grep -q 127.0.0.4 /var/log/whatsapp/security.log
    refuse "in any form" grep -q 203.0.113.9 /var/log/whatsapp/security.log
    https 127.0.0.4 '/app/devices?secret=in-the-query' -o /dev/null
    refuse "no query string is logged" grep -q in-the-query /var/log/nginx/whatsapp_access.log
    check "the access log is JSON" python3 -c "import json; [json.loads(line)['status'] for line in open('/var/log/nginx/whatsapp_access.log')]"
}

bans() {
    check "fail2ban reads the security log's failures" sh -c "fail2ban-regex /var/log/whatsapp/security.log /etc/fail2ban/filter.d/whatsapp.conf | grep -qE '^Failregex: [1-9]'"
    equal "a client is served" 200 "$(visit 192.0.2.1 /livez -w '%{http_code}')"
    guess 192.0.2.1 /app/devices 192.0.2.2
    check "after ten failures it is banned" banned 192.0.2.2
    check "and reaches the edge no more" shut_out 192.0.2.1
    fail2ban-client set whatsapp unbanip 192.0.2.2 >/dev/null
    check "until it is forgiven" visit 192.0.2.1 /livez
    client ip -6 addr add 2001:db8::3/64 dev wire nodad
    guess '[2001:db8::1]' /app/devices 2001:db8::2 2001:db8::3
    check "ten failures by two addresses of a /64 ban the /64" banned 2001:db8::/64
    client ip -6 addr add 2001:db8::4/64 dev wire nodad
    check "so a third address of it reaches the edge no more" shut_out '[2001:db8::1]' --interface 2001:db8::4
    fail2ban-client set whatsapp unbanip 2001:db8::/64 >/dev/null
    check "until it is forgiven, too" visit '[2001:db8::1]' /livez
    fail2ban-client set sshd banip 2001:db8:5::7 >/dev/null
    sleep 2
    check "a ban from ssh is for the /64 as well" sh -c 'nft list set inet f2b-table addr6-set-sshd | grep -q "2001:db8:5::/64"'
    fail2ban-client set sshd unbanip 2001:db8:5::7 >/dev/null
    sleep 2
    refuse "and ends with it" sh -c 'nft list set inet f2b-table addr6-set-sshd | grep -q "2001:db8:5::/64"'
    equal "both jails run" "sshd, whatsapp" "$(fail2ban-client status | sed -n 's/.*Jail list:\s*//p')"
}

login() {
    sshd -T >/tmp/sshd
    for line in 'passwordauthentication no' 'permitrootlogin no' 'kbdinteractiveauthentication no' 'x11forwarding no' 'port 2222' 'allowusers ops' 'maxauthtries 3'; do
        check "sshd: $line" grep -qx "$line" /tmp/sshd
    done
    refuse "sshd offers no SHA-1" grep -qE '^(macs|kexalgorithms|ciphers) .*(sha1|cbc)' /tmp/sshd
    refuse "a password is not even asked for" sh -c 'ssh -p 2222 -o BatchMode=no -o PreferredAuthentications=password,keyboard-interactive -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ops@127.0.0.1 true </dev/null'
    check "the only way in is a key" sh -c 'ssh -p 2222 -o PreferredAuthentications=none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ops@127.0.0.1 true 2>&1 </dev/null | grep -q "Permission denied (publickey)"'
}

secrets() {
    pid=$(systemctl show -P MainPID whatsapp)
    for secret in appliance-test-password appliance-test-webhook-secret appliance-test-interface-token appliance-test-ask-token; do
        refuse "no $secret in any process's arguments" sh -c "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -v grep | grep -q '${secret%?}[${secret#"${secret%?}"}]'"
        refuse "nor in the gateway's environment" grep -qa "$secret" "/proc/$pid/environ"
        refuse "nor in a file of the host" grep -rqF "$secret" /etc /opt /usr/local /var/lib/whatsapp /var/log /var/cache/whatsapp /home
        refuse "nor in the journal" sh -c "journalctl --no-pager -o cat | grep -qF '$secret'"
    done
    equal "the credential store is root's alone" "700 root" "$(stat -c '%a %U' /etc/credstore.encrypted)"
    equal "and so is the host key" "400 root" "$(stat -c '%a %U' /var/lib/systemd/credential.secret)"
}

ownership() {
    equal "the service owns no code" "" "$(find /opt/whatsapp -path /opt/whatsapp/storages -prune -o ! -user root -print | head -3)"
    equal "its group and others write no code" "" "$(find /opt/whatsapp -path /opt/whatsapp/storages -prune -o -perm /022 ! -type l -print | head -3)"
    equal "its state is its own" "700 whatsapp" "$(stat -c '%a %U' /opt/whatsapp/storages)"
    equal "none of it is readable by others" "" "$(find /opt/whatsapp/storages -perm /077 -print | head -3)"
    equal "it has no login" /usr/sbin/nologin "$(getent passwd whatsapp | cut -d: -f7)"
    equal "and no other group" whatsapp "$(id -Gn whatsapp)"
}

# probe COMMAND...: the same unit with another command; true when the command ran.
probe() {
    sed -e '/^ExecStart=/,/[^\\]$/d' -e '/^ *-Dorg/d' -e '/^Type=/d' -e '/^WatchdogSec/d' -e '/^NotifyAccess/d' -e '/^Restart/d' -e '/^LoadCred/d' \
        -e '/^AppArmorProfile/d' -e "s|^\[Service\]|[Service]\nType=oneshot\nExecStart=$*|" /etc/systemd/system/whatsapp.service >/run/systemd/system/probe.service
    systemctl daemon-reload
    systemctl start probe.service
    local result=$?
    systemctl reset-failed probe.service 2>/dev/null
    return $result
}
sandbox() {
    check "the probe itself runs (the image's java)" probe /opt/whatsapp/runtime/bin/java -version
    refuse "no shell can be started in the gateway's sandbox" probe /bin/sh -c true
    refuse "nor any other program" probe /usr/bin/id
    rm -f /run/systemd/system/probe.service
    systemctl daemon-reload
    equal "the edge sees nothing of the gateway's state" "" "$(ls "/proc/$(systemctl show -P MainPID nginx)/root/opt/whatsapp/storages" 2>/dev/null)"
    pid=$(systemctl show -P MainPID whatsapp)
    equal "no capability" 0000000000000000 "$(sed -n 's/^CapEff:\s*//p' "/proc/$pid/status")"
    equal "no new privileges" 1 "$(sed -n 's/^NoNewPrivs:\s*//p' "/proc/$pid/status")"
    equal "system calls filtered" 2 "$(sed -n 's/^Seccomp:\s*//p' "/proc/$pid/status")"
    refuse "it cannot write its own code" setpriv --reuid=whatsapp --regid=whatsapp --clear-groups touch "/proc/$pid/root/opt/whatsapp/lib/probe"
    refuse "nor /etc" touch "/proc/$pid/root/etc/probe"
    check "but its state" sh -c "touch /proc/$pid/root/opt/whatsapp/storages/probe && rm /opt/whatsapp/storages/probe"
}

watchdog() {
    pid=$(systemctl show -P MainPID whatsapp)
    kill -STOP "$pid"
    for _ in $(seq 90); do
        now=$(systemctl show -P MainPID whatsapp)
        [ "$now" != "$pid" ] && [ "$now" != 0 ] && systemctl -q is-active whatsapp && break
        sleep 1
    done
    refuse "a hung gateway is replaced" test "$pid" = "$(systemctl show -P MainPID whatsapp)"
    check "and answers again" curl -sS --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:3000/livez
}

companion() {
    send() { curl -sS -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d "$1" http://127.0.0.1:15852/send; }
    equal "the companion sends for a local program" 200 "$(send '{"to":"6281234567890","message":"hi","token":"appliance-test-interface-token-012345678"}')"
    equal "not without the token" 401 "$(send '{"to":"6281234567890","message":"hi","token":"wrong"}')"
    equal "not without a recipient" 400 "$(send '{"message":"hi","token":"appliance-test-interface-token-012345678"}')"
    event='{"event":"message","payload":{"from":"6281234567890@s.whatsapp.net","body":"ping"}}'
    signature=$(printf %s "$event" | openssl dgst -sha256 -hmac appliance-test-webhook-secret-0123456789 | sed 's/.* //')
    hook() { curl -sS -o /dev/null -w '%{http_code}' -H "X-Hub-Signature-256: $1" -d "$event" http://127.0.0.1:15852/webhook; }
    equal "it takes a signed event" 200 "$(hook "sha256=$signature")"
    equal "and no other" 401 "$(hook "sha256=${signature%?}0x")"
    equal "it runs as its own user" responder "$(stat -c %U /proc/"$(systemctl show -P MainPID responder)")"
    refuse "which cannot read the gateway's state" runuser -u responder -- ls /opt/whatsapp/storages
    ask() { curl -sS -w ' %{http_code}' "$@" 'http://127.0.0.1:8000/?q=when+are+you+open'; }
    check "the second companion answers a question" grep -q 'Monday.* 200$' <(ask -H 'Authorization: Bearer appliance-test-ask-token-0123456789')
    check "not without the token" grep -q ' 401$' <(ask)
    equal "it runs as its own user, too" answerer "$(stat -c %U /proc/"$(systemctl show -P MainPID answerer)")"
    refuse "which cannot read the first one's state" runuser -u answerer -- ls /var/lib/responder
    refuse "and its questions are not in the journal" sh -c 'journalctl -u answerer -o cat | grep -q when+are'
}

# One more gateway by the template unit, with a credential of its own.
instance() {
    local account=admin:instance-test-password-1 pid
    printf %s $account | systemd-creds encrypt --name=app-basic-auth - /etc/credstore.encrypted/whatsapp@3001.app-basic-auth
    check "another instance starts on its own port" systemctl start whatsapp@3001
    equal "it answers its own users" 200 "$(curl -sS -o /dev/null -w '%{http_code}' -u $account http://127.0.0.1:3001/app/devices)"
    equal "and not the first one's" 401 "$(curl -sS -o /dev/null -w '%{http_code}' -u $good http://127.0.0.1:3001/app/devices)"
    check "the posture of the machine is not shown to its operators" sh -c \
        "curl -sS -u $account http://127.0.0.1:3001/console/posture | grep -q 'This gateway cannot read the reports of its machine'"
    pid=$(systemctl show -P MainPID whatsapp@3001)
    check "its engine is the playbook's, because it names none" grep -zqx WHATSAPP_ENGINE=sandbox "/proc/$pid/environ"
    equal "its state is apart" "700 whatsapp" "$(stat -c '%a %U' /var/lib/whatsapp/3001)"
    check "and so is its log" test -s /var/log/whatsapp/3001/security.log
    refuse "it cannot see the first one's state" setpriv --reuid=whatsapp --regid=whatsapp --clear-groups ls "/proc/$pid/root/opt/whatsapp/storages/"
    equal "nor another instance's" 3001 "$(ls "/proc/$pid/root/var/lib/whatsapp")"
    equal "it listens on loopback only" "" "$(ss -Htln | awk '{print $4}' | grep -E ':1?3001$' | grep -vE '^(127\.|\[::1\]|\[::ffff:127)')"
    systemctl stop whatsapp@3001
    equal "it stops as it should" success "$(systemctl show -P Result whatsapp@3001)"
}

upkeep() {
    equal "security updates install themselves" 1 "$(apt-config dump | sed -n 's/^APT::Periodic::Unattended-Upgrade "\(.*\)";/\1/p')"
    check "the update timer runs" systemctl is-active apt-daily-upgrade.timer
    check "the certificate's timer runs" systemctl is-active whatsapp-certificate.timer
    equal "a fresh certificate is left alone" "" "$(whatsapp-certificate)"
    check "the journal is kept on disk" sh -c 'ls /var/log/journal/*/system.journal'
    check "logrotate has nothing to complain of" sh -c 'logrotate --debug /etc/logrotate.conf 2>&1 | grep -qi "^error" && exit 1 || exit 0'
    systemctl start whatsapp-digest.service
    check "the digest of the logs can be made" test -s /var/log/logwatch/digest.log
    equal "the audit rules fit in 60" yes "$([ "$(grep -chE '^(-a|-w)' /etc/audit/audit.rules)" -le 60 ] && echo yes)"
    figure audit_rules "$(grep -cE '^(-a|-w)' /etc/audit/audit.rules)"
}

services
exposure
listeners
sending
edge
login
secrets
ownership
sandbox
companion
instance
upkeep
rotation
wire
firewall
bans
unwire
watchdog
