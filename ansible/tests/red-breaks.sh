# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # some dollars are sed's or nginx's; red-proofs.sh sets where these files are, and counts runs
# Sourced by red-proofs.sh: how a sound machine is broken in one thing, a function for each check that red-proofs.tsv proves. A function
# notes how each of its changes is undone, and the undoing goes backwards. A function that could not break anything fails.

proofs=/run/red-proofs
storage=/opt/whatsapp/storages
environment=/etc/whatsapp/environment
backups=/mnt/backup

# undo COMMAND...: is run when the breaks are undone; the last one comes first.
undo() { printf '%q ' "$@" >>$proofs/undo && echo >>$proofs/undo; }
# later COMMAND: is run once when everything is broken, and once when everything is undone.
later() { grep -qxF "$1" $proofs/later || echo "$1" >>$proofs/later; }
# until_so COMMAND...: must come true before the run that has to see the break.
until_so() { printf '%q ' "$@" >>$proofs/until && echo >>$proofs/until; }

# kept FILE: its content, owner, mode and time come back.
kept() {
    copy=$(mktemp $proofs/kept.XXXXXX) && cp -pL "$1" "$copy" && undo given_back "$copy" "$1"
}
given_back() { cat "$1" >"$2" && chown --reference="$1" "$2" && chmod --reference="$1" "$2" && touch --reference="$1" "$2"; }
# edited FILE SED...: sed changes the file; a file that stays the same is a failure.
edited() { kept "$1" && sed "${@:2}" "$copy" >"$1" && ! cmp -s "$copy" "$1"; }
# made FILE TEXT: a file that was not there.
made() { [ ! -e "$1" ] && mkdir -p "${1%/*}" && undo rm -f "$1" && printf '%s\n' "$2" >"$1"; }
# mode MODE FILE, owner OWNER FILE: another one than now.
mode() { undo chmod "$(stat -c %a "$2")" "$2" && chmod "$1" "$2"; }
owner() { undo chown "$(stat -c %U "$2")" "$2" && chown "$1" "$2"; }
# stopped UNIT: it runs again afterwards.
stopped() { systemctl -q is-active "$1" && undo systemctl start "$1" && systemctl stop "$1"; }
# beside COMMAND...: a process that runs meanwhile.
beside() {
    "$@" >/dev/null 2>&1 &
    undo kill $!
}
# setting LINE: the settings' file has it at its end, so that it holds.
setting() { kept $environment && echo "$1" >>$environment; }
# credential NAME TEXT: another secret in the store; the running gateway has the former one.
credential() {
    local file=/etc/credstore.encrypted/whatsapp.$1
    if [ -e "$file" ]; then kept "$file"; else undo rm -f "$file"; fi
    printf %s "$2" | systemd-creds encrypt --name="$1" - - >"$file" 2>/dev/null && chmod 600 "$file"
}
# dropin UNIT LINE: the unit has it until it is undone.
dropin() { undo systemctl daemon-reload && made "/run/systemd/system/$1.d/red-proof-$RANDOM.conf" "[Service]"$'\n'"$2" && systemctl daemon-reload; }
# answers KIND PORT...: a stand-in on loopback answers; see red-stand-in.py.
answers() {
    beside python3 "$here/red-stand-in.py" "$@"
    until_so listens "$2"
}
listens() { ss -Htln "sport = :$1" | grep -q .; }

# The gateway in front of which the stand-in is: what it is told to do wrong is gathered, and one process does it all.
in_front() {
    echo "$1" >>$proofs/wrong
    [ "$(wc -l <$proofs/wrong)" = 1 ] || return 0
    setting APP_PORT=3999 && undo rm -f $proofs/wrong && answers gateway 3999 3000 $proofs/wrong
}
gateway_again() {
    runs=0
    # The limit of starts is for a fault, and these are wanted.
    systemctl reset-failed whatsapp 2>/dev/null
    if [ -e $proofs/crash ]; then
        rm $proofs/crash
        systemctl kill --signal=KILL whatsapp
        sleep 1
    else
        systemctl restart whatsapp
    fi
    for _ in $(seq 60); do
        curl -sf -o /dev/null http://127.0.0.1:3000/livez && return
        sleep 0.5
    done
    return 1
}
nginx_again() { nginx -t 2>/dev/null && systemctl reload nginx && sleep 1; }
prometheus_again() {
    # A signal to reload kills a process that has just begun, so it comes alone.
    if [ -e $proofs/restart ]; then
        rm $proofs/restart
        systemctl restart prometheus
    else
        systemctl reload prometheus
    fi
}
prometheus_asked() { curl -sS -G "http://127.0.0.1:9090/api/v1/$1" "${@:2}"; }
has_series() { prometheus_asked query --data-urlencode 'query=count(whatsapp_auth_attempts_total)' | grep -q '"value"'; }
has_no_series() { prometheus_asked query --data-urlencode 'query=count(whatsapp_auth_attempts_total)' | grep -q '"result":\[\]'; }
has_rule() { prometheus_asked rules --data-urlencode type=alert | grep -q "\"name\":\"$1\""; }
has_no_alerts() { [ "$(curl -sS http://127.0.0.1:9093/api/v2/alerts)" = "[]" ]; }

# --- access
break_password_length() { credential app-basic-auth admin:too-short-a-word; }
break_secrets_kept_apart() { setting DB_PASSWORD=red-proof-of-a-password-in-clear; }
break_process_shows_no_secret() { dropin whatsapp.service Environment=DB_PASSWORD=red-proof-of-a-password-in-clear && later gateway_again; }
break_admin_token_length() {
    made /etc/whatsapp/red-proof-token too-short-a-token && chown root:whatsapp /etc/whatsapp/red-proof-token \
        && chmod 640 /etc/whatsapp/red-proof-token && setting ADMIN_TOKEN_FILE=/etc/whatsapp/red-proof-token
}
break_api_token_length() { credential whatsapp-secret too-short-a-token; }
break_secrets_rotated() {
    local long_ago=$((($(date +%s) - 100 * 86400) * 1000))
    later gateway_again && edited $storage/secrets/ledger.json "s/\"since\" : [0-9]*/\"since\" : $long_ago/"
}
break_no_secrets_in_code() { edited /opt/whatsapp/whatsapp '$a # -----BEGIN PRIVATE KEY-----'; }
break_credentials_per_environment() { credential whatsapp-secret appliance-test-webhook-secret-0123456789; }

# --- api and probes
break_api_asks_for_credential() { in_front open; }
break_errors_tell_nothing() { in_front trace; }
break_hostile_requests() { in_front brew; }
break_rate_limit_met() { in_front endless; }
break_rate_limit() { setting APP_RATE_LIMIT=off; }
break_failed_login_recorded() {
    later nginx_again && edited /etc/nginx/snippets/whatsapp-proxy.conf 's/X-Forwarded-For $remote_addr/X-Forwarded-For $http_x_forwarded_for/'
}
break_unknown_name() {
    local tls=/etc/nginx/whatsapp-tls
    later nginx_again && edited /etc/nginx/sites-available/whatsapp \
        "s,ssl_reject_handshake on;,ssl_certificate $tls/fullchain.pem; ssl_certificate_key $tls/privkey.pem; return 200;,"
}

# --- backups
break_backup_recent() {
    local newest
    newest=$(newest_backup) && mkdir -m 700 /var/tmp/red-proof && undo mv_all /var/tmp/red-proof $backups && mv_all $backups /var/tmp/red-proof \
        && undo rm -f "$backups/$(old_name "$newest")" && cp -p "/var/tmp/red-proof/$newest" "$backups/$(old_name "$newest")" \
        && undo rm -f "$backups/$(old_name "$newest").sha256" && cp -p "/var/tmp/red-proof/$newest.sha256" "$backups/$(old_name "$newest").sha256"
}
newest_backup() { find $backups -name '*.gpg' -printf '%f\n' | sort -t- -k3 | tail -1; }
old_name() { echo "${1/-????????T/-20260101T}"; }
mv_all() { mv "$1"/* "$2"/ && { [ "$1" = $backups ] || rmdir "$1"; }; }
break_backup_encrypted() {
    local file
    file=$backups/$(newest_backup | sed "s/[0-9]*T[0-9]*Z/$(date -u +%Y%m%dT%H%M%SZ)/") && made "$file" "$(head -c 20000 /dev/zero | tr '\0' x)" \
        && made "$file.sha256" "$(sha256sum "$file")" && chown whatsapp:whatsapp "$file" "$file.sha256" && chmod 600 "$file" "$file.sha256"
}
break_backup_whole() { edited "$backups/$(newest_backup).sha256" 's/^.\{8\}/00000000/'; }
break_restore_tested() { edited "$(ls /var/lib/whatsapp-backup/whatsapp_restore_drill_*)" 's/^\(whatsapp_restore_drill_last_success[^ ]* \).*/\11700000000/'; }
break_restore_documented() { edited /etc/whatsapp/incident-plan.md 's/whatsapp restore /restore /'; }

# --- database
break_database_credentials() { mode 640 $storage/whatsapp.db; }
break_database_permissions() { owner whatsapp /opt/whatsapp/runtime; }
break_database_tls() { credential db-uri 'postgres://whatsapp:red-proof-of-a-password@db.appliance.test/whatsapp?sslmode=require'; }
break_database_answers() {
    local place=$storage/red-proof
    undo rm -rf $place && mkdir -m 700 $place && python3 -c 'import sqlite3, sys
copy = sqlite3.connect(sys.argv[2])
sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).backup(copy)
copy.execute("PRAGMA journal_mode=DELETE")' $storage/whatsapp.db $place/whatsapp.db \
        && chown -R whatsapp:whatsapp $place && chmod 600 $place/whatsapp.db && setting DB_URI=file:storages/red-proof/whatsapp.db
}

# --- logs and what watches
break_security_log_chain() { altered_byte /var/log/whatsapp/security.log 30; }
# altered_byte FILE OFFSET: one byte of the file is another one; what is written meanwhile stays.
altered_byte() {
    local was
    was=$(byte_of "$1" "$2") && undo byte_again "$1" "$2" "$was" && byte_of "$1" "$2" $((was ^ 1)) >/dev/null
}
byte_again() { byte_of "$@" >/dev/null; }
byte_of() {
    python3 -c 'import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2]))
    print(file.read(1)[0])
    if len(sys.argv) > 3:
        file.seek(int(sys.argv[2]))
        file.write(bytes([int(sys.argv[3])]))' "$@"
}
break_log_retention() { edited /etc/logrotate.d/whatsapp-security '/^ *\(maxage\|rotate\) /d'; }
break_failed_logins_counted() { setting APP_METRICS_PORT=13999 && answers figures 13999 13000; }
break_failed_logins_watched() {
    later prometheus_again && until_so has_no_series && edited /etc/prometheus/prometheus.yml \
        '0,/metric_relabel_configs:/s/metric_relabel_configs:/&\n      - {source_labels: [__name__], regex: whatsapp_auth_attempts_total, action: drop}/'
}
break_alert_rules_loaded() {
    later prometheus_again && until_so has_rule FailedLoginsOfNobody \
        && edited /etc/prometheus/rules/security.yml 's/alert: FailedLogins$/alert: FailedLoginsOfNobody/'
}
break_alerts_routed() {
    # Alertmanager keeps no alert over a restart. Prometheus tells its alerts at once after one, and otherwise once a minute.
    undo touch $proofs/restart && later prometheus_again && until_so has_no_alerts && edited /etc/prometheus/prometheus.yml \
        's/"127.0.0.1:9093", "127.0.0.1:9095"/"127.0.0.1:9095"/' && systemctl reload prometheus && systemctl restart prometheus-alertmanager
}
break_addresses_banned() { stopped fail2ban; }
break_digest_scheduled() { stopped whatsapp-digest.timer; }
break_checks_scheduled() { stopped whatsapp-check.timer; }
# The kernel's audit belongs to the container's host, so a program that answers in its stead stands where the check asks.
break_audit_rules() {
    made /run/red-proofs/auditctl $'#!/bin/sh\n[ "$1" = -l ] && echo "-w /opt/whatsapp/storages -p wa -k whatsapp_db" && exit\necho "enabled 0"; echo "pid 1"; echo "lost 0"' \
        && chmod 755 /run/red-proofs/auditctl && undo umount /usr/sbin/auditctl && mount --bind /run/red-proofs/auditctl /usr/sbin/auditctl
}

# --- network
break_listening_sockets() {
    beside python3 -m http.server --bind 0.0.0.0 8099 --directory /usr/share/doc
    until_so listens 8099
}
break_gateway_on_loopback() { setting APP_HOST=0.0.0.0; }
break_reverse_proxy() { setting APP_TRUSTED_PROXY=10.0.0.0/8; }
break_firewall() { undo iptables -P INPUT DROP && iptables -P INPUT ACCEPT; }
break_ssh_hardened() { made /etc/ssh/sshd_config.d/00-red-proof.conf 'PasswordAuthentication yes'; }

# --- webhooks
break_webhook_signatures() { stopped responder && answers receiver 15852; }
break_webhook_queue() { setting WHATSAPP_WEBHOOK=http://127.0.0.1:15852/webhook,https://receiver.appliance.test/events; }
break_webhook_https() { setting WHATSAPP_WEBHOOK_ALLOW_HTTP=false; }
break_webhook_secret_length() { credential whatsapp-webhook-secret too-short-a-secret; }

# --- settings
break_production_mode() { later gateway_again && setting APP_PROFILE=development; }
break_log_level() { setting LOG_LEVEL=debug; }
break_port_above_well_known() { : >$proofs/right && setting APP_PORT=900 && answers gateway 900 3000 $proofs/right; }

# --- system
# A source of packages on this disk that calls itself Debian-Security and has a newer version of a package that is installed.
break_updates_applied() {
    local place=/var/tmp/red-proof-packages lists=/var/lib/apt/lists
    undo rm -rf $place && mkdir $place && printf 'Package: base-files\nVersion: 99\nArchitecture: %s\nMaintainer: red proof\nFilename: ./base-files.deb\nSize: 1\nDescription: none\n' \
        "$(dpkg --print-architecture)" >$place/Packages && printf 'Origin: Debian\nLabel: Debian-Security\nSuite: red-proof\n' >$place/Release \
        && made /etc/apt/sources.list.d/red-proof.list "deb [trusted=yes] file:$place ./" && undo sh -c "rm -f $lists/*red-proof*" \
        && apt-get -qq update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/red-proof.list -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 2>/dev/null
}
break_updates_automated() { made /etc/apt/apt.conf.d/99red-proof 'APT::Periodic::Unattended-Upgrade "0";'; }
break_graceful_stop() { touch $proofs/crash && later gateway_again; }
break_dedicated_user() { edited /etc/group 's/^games:.*:$/&whatsapp/'; }
break_file_permissions() { mode 755 $storage/secrets; }
break_env_file_mode() { made /opt/whatsapp/.env '# Nothing.' && chmod 644 /opt/whatsapp/.env; }
break_resource_limits() { dropin whatsapp.service MemoryMax=infinity; }
# Without series of a gateway that is down, the watching of its logins is red as well; that takes a moment to be so.
break_service_active() { stopped whatsapp && until_so has_no_series; }
break_dependencies_current() { kept /var/lib/dpkg/info/whatsapp.list && touch -d '100 days ago' /var/lib/dpkg/info/whatsapp.list; }
# The kernel's own word about a process, which a container's kernel does not give: as if this were a machine with SELinux. A stand-in that says
# AppArmor would stop the units, because the service manager believes it too.
break_confined() {
    local pid
    pid=$(systemctl show -P MainPID whatsapp) && undo no_selinux && mount -o remount,rw /sys && mkdir -p /sys/fs/selinux \
        && echo 1 >/sys/fs/selinux/enforce && mount -o remount,ro /sys && made $proofs/label system_u:system_r:unconfined_service_t:s0 \
        && undo umount "/proc/$pid/attr/current" && mount --bind $proofs/label "/proc/$pid/attr/current"
}
no_selinux() { mount -o remount,rw /sys && rm /sys/fs/selinux/enforce && mount -o remount,ro /sys; }

# --- the edge
# another_certificate NAME: of no authority, for a name; other.key and other.pem.
another_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=other -addext "subjectAltName=DNS:$1" \
        -keyout $proofs/other.key -out $proofs/other.pem 2>/dev/null
}
break_certificate() {
    another_certificate other.appliance.test && later nginx_again && edited /etc/nginx/sites-available/whatsapp \
        "s,ssl_certificate /etc.*,ssl_certificate $proofs/other.pem;,;s,ssl_certificate_key /etc.*,ssl_certificate_key $proofs/other.key;,"
}
# The address that the edge's name leads to. The program takes it for a public one; it is on this machine's loopback.
public=192.0.1.1
# outside_view: the name leads there, and the program knows the edge's authority. So the edge looks as it would to the world.
outside_view() {
    echo "$public gateway.appliance.test" >>/etc/hosts
    ip address add $public/32 dev lo
    openssl pkcs12 -export -nokeys -in /etc/ssl/whatsapp/ca.pem -jdktrust anyExtendedKeyUsage -passout pass:red-proof -out $proofs/authorities.p12
    chmod 644 $proofs/authorities.p12
}
outside_view_gone() {
    sed "/^$public /d" /etc/hosts >$proofs/hosts && cat $proofs/hosts >/etc/hosts
    ip address del $public/32 dev lo
}
# Another machine has the address, and shows a certificate of its own for the name.
break_certificate_from_outside() {
    another_certificate gateway.appliance.test && undo ip netns del elsewhere && ip netns add elsewhere \
        && ip link add elsewhere type veth peer name wire netns elsewhere && ip address add 192.0.1.2/24 dev elsewhere && ip link set elsewhere up \
        && ip -n elsewhere address add $public/24 dev wire && ip -n elsewhere link set wire up \
        && undo ip address add $public/32 dev lo && ip address del $public/32 dev lo && until_so elsewhere_listens \
        && beside ip netns exec elsewhere openssl s_server -accept 443 -www -cert $proofs/other.pem -key $proofs/other.key
}
elsewhere_listens() { ip netns exec elsewhere ss -Htln 'sport = :443' | grep -q .; }
break_redirect_to_https() { later nginx_again && edited /etc/nginx/sites-available/whatsapp 's/return 308 .*/return 404;/'; }
break_tls_versions() {
    later nginx_again && made /etc/nginx/conf.d/red-proof.conf $'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers ALL:@SECLEVEL=0;' \
        && edited /etc/nginx/snippets/whatsapp-tls.conf '/^ssl_\(protocols\|ciphers\|ecdh\)/d'
}
break_security_headers() { later nginx_again && edited /etc/nginx/snippets/whatsapp-headers.conf '/add_header X-Frame-Options/d'; }
break_certificate_renewal() { stopped whatsapp-certificate.timer; }
break_tls_tested() {
    local file=/var/lib/whatsapp-check/testssl.json
    if [ -e $file ]; then kept $file; else undo rm -f $file; fi
    echo '[{"id": "overall_grade", "severity": "LOW", "finding": "C"}]' >$file && chgrp whatsapp $file && chmod 640 $file
}
break_host_scanned() {
    local file=/var/lib/whatsapp-check/lynis.json
    if [ -e $file ]; then kept $file; else undo rm -f $file; fi
    echo '{"hardening_index": 40, "warnings": []}' >$file && chgrp whatsapp $file && chmod 640 $file
}

# --- people, where a machine can prove a part
break_incident_plan() { edited /etc/whatsapp/incident-plan.md '$a TODO: the rest of it'; }
break_security_contacts() { edited /etc/whatsapp/contacts.md 's/.*/nobody/'; }
