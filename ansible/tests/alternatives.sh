# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Tier 1b, sourced: the other choices of the variables, each on the machine that tier 1 converged.

# psql COMMAND: what the gateway's own role may do, by its own connection.
as_gateway() {
    guest sh -c 'uri=$(systemd-creds decrypt --name=db-uri /etc/credstore.encrypted/whatsapp.db-uri -); psql -X -q -v ON_ERROR_STOP=1 "$uri" -Atc "$1"' psql "$1"
}

# unchanged NAME ARGUMENTS...: a run that goes through and changes nothing.
unchanged() { logged "$1" site.yml "${@:2}" && [ "$(changes "$results/$1.log")" = 0 ]; }

# alerts: the names of those that fire or are about to. What the tiers did within the hour, such as restarts and wrong logins, is among them.
alerts() { guest bash -c '. /srv/tests/calm.sh; calm | cut -d" " -f1 | sort -u'; }

# quiet_about FORMER PRESENT: after a change of the edge, only the present one is watched, and no alert fires or is about to that did not before.
quiet_about() {
    guest systemctl start whatsapp-host-figures.service
    refuse "$1 is no longer watched" guest grep -q "\"$1\"" /var/lib/prometheus/node-exporter/whatsapp.prom
    check "$2 is" guest grep -q "^whatsapp_unit_active{unit=\"$2\"} 1" /var/lib/prometheus/node-exporter/whatsapp.prom
    # The time of a scrape, of an evaluation, and of the restarted services.
    check "no alert is left" guest BEFORE="$before" bash -c '. /srv/tests/calm.sh
        more() { calm | cut -d" " -f1 | grep -vxF "$BEFORE"; }
        for _ in $(seq 60); do [ -z "$(more)" ] && exit; sleep 1; done; more; exit 1'
}

alternatives_checks() {
    [ -d "$cache/converged" ] || {
        bad "a converged machine: run the container tier first"
        return
    }
    tree=$results/machine
    rm -rf "$tree"
    cp -a "$cache/converged" "$tree"
    boot "$tree" || {
        bad "the container boots"
        return
    }

    say "nftables instead of ufw"
    check "the playbook goes through" logged nftables site.yml --tags firewall -e firewall_backend=nftables
    check "our table refuses by default" guest sh -c 'nft list chain inet whatsapp input | grep -q "policy drop"'
    check "it comes back at boot" guest systemctl is-enabled nftables
    refuse "ufw is off" guest sh -c 'ufw status | grep -q "Status: active"'
    guest bash -c '. /srv/tests/inside-network.sh; wire; firewall; unwire' >"$results/nftables-inside.log" 2>&1
    tell "$results/nftables-inside.log"

    # The first node goes on from there, so the next change is one from another host's server to this host's.
    nodes_checks

    say "PostgreSQL on this host"
    # The accounts in the former database stay behind on purpose.
    local waived=(-e '{"backup_targets": [], "backup_recipients": [], "backup_waived": "pg_dump on another host",
        "app_environment": {"APP_ACCEPT_DATABASE": true}}')
    check "the playbook goes through" logged postgresql site.yml --tags database,app,backup -e database_engine=postgresql "${waived[@]}"
    check "a waiver switches backups off, and whoever checks is told the reason" guest sh -c '! systemctl is-active whatsapp-backup.timer && grep -q "^WHATSAPP_BACKUP_WAIVED=pg_dump" /etc/whatsapp/environment'
    check "nothing of the connection to the other host is left" guest sh -c '[ ! -e /etc/credstore.encrypted/whatsapp.db-password ] \
        && [ ! -e /etc/systemd/system/whatsapp.service.d/database.conf ]'
    check "the gateway runs on it" guest curl -sSf --retry 30 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:3000/readyz
    check "its tables are in its own schema" test "$(as_gateway "SELECT count(*) > 0 FROM pg_tables WHERE schemaname = 'whatsapp'")" = t
    check "over TLS 1.3" test "$(as_gateway 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()')" = TLSv1.3
    check "as a role that may do nothing else" test "$(as_gateway "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user")" = f
    refuse "it cannot create in the public schema" as_gateway 'CREATE TABLE public.probe (x int)'
    refuse "nor read the server's files" as_gateway "SELECT pg_read_file('/etc/passwd')"
    refuse "nor enter another database" as_gateway '\c postgres'
    check "its log is in the journal, which keeps it by the policy" guest sh -c 'journalctl -t postgres -o cat | grep -q "connection authorized"'
    refuse "nobody comes in without TLS" guest sh -c 'uri=$(systemd-creds decrypt --name=db-uri /etc/credstore.encrypted/whatsapp.db-uri - | sed "s/sslmode=verify-full/sslmode=disable/"); psql -X "$uri" -c "SELECT 1"'
    check "the server listens on loopback only" guest sh -c '! ss -Htln | awk "{print \$4}" | grep ":5432$" | grep -qv "^127\|^\[::1\]"'
    check "a second run changes nothing" unchanged postgresql-again --tags database,app,backup -e database_engine=postgresql "${waived[@]}"

    say "Caddy instead of nginx"
    local before
    before=$(alerts)
    check "the playbook goes through" logged caddy site.yml --tags edge,prometheus -e edge_server=caddy
    quiet_about nginx.service caddy.service
    refuse "nginx's exporter is gone" guest systemctl is-active prometheus-nginx-exporter
    refuse "and so is mtail" guest systemctl is-active mtail
    check "it answers over HTTPS" guest curl -sSf --cacert /etc/ssl/whatsapp/ca.pem --resolve gateway.appliance.test:443:127.0.0.1 -o /dev/null https://gateway.appliance.test/livez
    check "with 13 security headers on 401" guest bash -c '. /srv/tests/inside-network.sh; headers 401 127.0.0.2 /app/devices | tee /dev/stderr | grep -q ^ok'
    check "nobody but it reads the certificate's key" guest sh -c '[ "$(stat -c "%U %G %a" /etc/caddy/privkey.pem)" = "root caddy 640" ]'
    check "plain HTTP is sent to HTTPS" guest sh -c "curl -sS -o /dev/null -w '%{http_code}' -H 'Host: gateway.appliance.test' http://127.0.0.1/ | grep -qx 308"
    refuse "another TLS name gets no certificate" guest curl -sSk --max-time 5 --resolve other.test:443:127.0.0.1 https://other.test/
    check "its exposure is 2.5 or less" guest systemd-analyze security --no-pager --threshold=25 caddy.service
    check "an instance's routes are taken over without a restart" guest sh -c "pid=\$(systemctl show -P MainPID caddy) \
        && sed s/PORT/3101/g /etc/caddy/whatsapp-instance.template >/etc/caddy/whatsapp-instances/routes.conf \
        && caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile && systemctl reload caddy && [ \$pid = \$(systemctl show -P MainPID caddy) ] \
        && curl -sS -o /dev/null -w '%{http_code}' --cacert /etc/ssl/whatsapp/ca.pem --resolve gateway.appliance.test:443:127.0.0.1 \
            https://gateway.appliance.test/instances/3101/livez | grep -qx 502; rm /etc/caddy/whatsapp-instances/routes.conf"
    check "and back to nginx" logged nginx site.yml --tags edge,prometheus
    quiet_about caddy.service nginx.service
    for unit in prometheus-nginx-exporter mtail; do check "$unit is back" guest systemctl is-active $unit; done
    check "which answers" guest curl -sSf --cacert /etc/ssl/whatsapp/ca.pem --resolve gateway.appliance.test:443:127.0.0.1 -o /dev/null https://gateway.appliance.test/livez

    say "a socket that starts sshd, as on Ubuntu"
    guest sh -c 'systemctl disable --now ssh.service && systemctl enable --now ssh.socket' >/dev/null 2>&1
    check "the playbook goes through" logged socket site.yml --tags ssh
    check "the socket has the port" guest sh -c '[ "$(systemctl show -P Listen ssh.socket | sed "s/ (Stream)//g" | xargs)" = "[::]:2222" ]'
    check "and sshd answers there" guest bash -c 'exec 3<>/dev/tcp/127.0.0.1/2222; head -c 7 <&3 | grep -q SSH-2.0'
    check "a second run changes nothing" unchanged socket-again --tags ssh
    halt
    rm -rf "$tree"
}
