#!/bin/bash
# The Admin API on the appliance: instances made by the guide's own call, their isolation, and what its user may not do.
# Runs as root in the container, converged with app_admin, app_admin_token and edge_admin_allow: [127.0.0.0/8].
#   TOKEN=... instances.sh
set -u
. "$(dirname "$0")/inside-network.sh"
port=3101
other=3102
routes=/etc/nginx/whatsapp-instances/routes.conf
template=/etc/nginx/snippets/whatsapp-instance.template

edge() { curl -sS --cacert $ca --resolve $domain:443:127.0.0.1 "$@"; }
code() { edge -o /dev/null -w '%{http_code}' "$@"; }
told() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[name]
print(value)' "$1"; }
as_admin() { setpriv --reuid=whatsapp-admin --regid=whatsapp-admin --clear-groups "$@"; }
ask() { as_admin systemctl --no-ask-password "$@"; }
eventually() {
    for _ in $(seq 30); do
        "$@" && return
        sleep 0.5
    done
    return 1
}
routed() { grep -q "location /instances/$1/ " $routes; }
unrouted() { ! routed "$1"; }
scraped() { curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode "query=up{job=\"instances\",instance=\"whatsapp@$1\"} == 1" | grep -q '"value"'; }

created() {
    made=$(curl -sS -X POST "http://localhost:8088/admin/instances" \
        -H "Authorization: Bearer $TOKEN" \
        -H "Content-Type: application/json" \
        -d "{\"port\": $port}")
    account=$(told data.generated.basic_auth <<<"$made")
    equal "the guide's call makes an instance" RUNNING "$(told data.state <<<"$made")"
    equal "and over TLS another one" 201 "$(code -X POST "https://$domain/admin/instances" -H "Authorization: Bearer $TOKEN" \
        -H 'Content-Type: application/json' -d "{\"port\": $other}")"
    equal "it answers its own user on loopback" 200 "$(curl -sS -o /dev/null -w '%{http_code}' -u "$account" http://127.0.0.1:$port/app/devices)"
    check "its route is there" eventually routed $port
    sleep 1
    equal "and through the edge" 200 "$(code -u "$account" https://$domain/instances/$port/app/devices)"
    equal "the other one does not know that user" 401 "$(code -u "$account" https://$domain/instances/$other/app/devices)"
    check "links in its replies lead back through the edge" grep -q "https://$domain/instances/$port/statics/" \
        <(edge -u "$account" https://$domain/instances/$port/app/login)
    equal "its settings are for its reader only" "640 root whatsapp" "$(stat -c '%a %U %G' /etc/whatsapp/instances/$port)"
    refuse "and hold no secret" grep -q "${account#*:}" /etc/whatsapp/instances/$port
    equal "a wrong token is refused" 401 "$(code https://$domain/admin/instances -H 'Authorization: Bearer wrong-wrong-wrong-wrong-wrong-wrong')"
    check "which fail2ban sees" sh -c "fail2ban-client get whatsapp logpath | grep -q /var/log/whatsapp-admin/security.log \
        && fail2ban-regex /var/log/whatsapp-admin/security.log /etc/fail2ban/filter.d/whatsapp.conf | grep -qE '^Failregex: [1-9]'"
    refuse "nor does what the Admin API keeps" grep -rq "${account#*:}" /var/lib/whatsapp-admin /run/whatsapp-admin
}

kept() {
    pid=$(systemctl show -P MainPID whatsapp@$port)
    systemctl restart whatsapp-admin
    check "it is started anew without the Admin API, too" sh -c "systemctl stop whatsapp-admin && systemctl restart whatsapp@$other && systemctl start whatsapp-admin"
    equal "it outlives the Admin API" "$pid" "$(systemctl show -P MainPID whatsapp@$port)"
    equal "a change is made" 200 "$(code -X PATCH https://$domain/admin/instances/$port -H "Authorization: Bearer $TOKEN" \
        -H 'Content-Type: application/json' -d '{"os":"Appliance"}')"
    check "and reaches the instance" grep -q "APP_OS='Appliance'" /etc/whatsapp/instances/$port
    equal "its user is the one it had" 200 "$(curl -sS -o /dev/null -w '%{http_code}' -u "$account" http://127.0.0.1:$port/app/devices)"
}

watched() {
    for _ in $(seq 90); do
        scraped $port && scraped $other && break
        sleep 1
    done
    for one in $port $other; do check "Prometheus scrapes $one by itself" scraped "$one"; done
    check "the security logs of all can be rotated" logrotate --force /etc/logrotate.d/whatsapp-security
    for log in whatsapp/$port whatsapp-admin; do check "with $log's old lines kept" test -s "/var/log/$log/security.log.1"; done
}

confined() {
    check "its user may restart an instance" ask restart whatsapp@$other
    for unit in whatsapp nginx ssh whatsapp@30001 whatsapp-instance@$port; do refuse "but not stop $unit" ask stop "$unit.service"; done
    for verb in enable disable kill mask; do refuse "nor $verb an instance" ask $verb whatsapp@$port.service; done
    refuse "nor give it more memory" ask set-property whatsapp@$port.service MemoryMax=8G
    refuse "nor make systemd read its files again" ask daemon-reload
    refuse "nor read its credentials" as_admin cat /etc/credstore.encrypted/whatsapp@$port.app-basic-auth
    refuse "nor what it stores" as_admin ls /var/lib/whatsapp/$port
}

# Bad logins at an instance, through the edge: fail2ban has followed its log since its start.
bans() {
    for one in $port $other; do check "fail2ban follows $one" sh -c "fail2ban-client get whatsapp logpath | grep -q /$one/security.log"; done
    wire
    guess 192.0.2.1 /instances/$port/app/devices 192.0.2.2
    check "bad logins at an instance are banned" banned 192.0.2.2
    check "from the whole edge" shut_out 192.0.2.1
    fail2ban-client set whatsapp unbanip 192.0.2.2 >/dev/null
    unwire
}

tested() {
    cp $template /root/template
    echo 'nonsense PORT' >>$template
    before=$(md5sum <$routes)
    refuse "routes that nginx refuses do not count" systemctl start whatsapp-routes.service
    equal "the old ones stay" "$before" "$(md5sum <$routes)"
    check "and nginx could start with them" nginx -t -q
    mv /root/template $template
    systemctl reset-failed whatsapp-routes.service
}

removed() {
    equal "it is removed" 200 "$(code -X DELETE https://$domain/admin/instances/$port -H "Authorization: Bearer $TOKEN")"
    refuse "and does not run" systemctl is-active whatsapp@$port
    check "its route goes" eventually unrouted $port
    refuse "its secrets go" ls /etc/credstore.encrypted/whatsapp@$port.app-basic-auth
    check "the next on its port begins empty" sh -c "curl -sS -X POST http://localhost:8088/admin/instances -H 'Authorization: Bearer $TOKEN' \
        -H 'Content-Type: application/json' -d '{\"port\": $port}' | grep -q RUNNING && ls -d /var/lib/whatsapp/removed/$port-*"
    for gone in $port $other; do code -X DELETE "https://$domain/admin/instances/$gone" -H "Authorization: Bearer $TOKEN" >/dev/null; done
}

created
kept
watched
bans
confined
tested
removed
for unit in whatsapp-admin whatsapp-instance@$port whatsapp-routes; do
    figure "exposure_$unit" "$(systemd-analyze security --no-pager "$unit.service" | sed -n 's/.*service: \([0-9.]*\) .*/\1/p' | tail -1)"
done
