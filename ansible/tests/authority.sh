# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Sourced: an ACME authority on the machine under test, Debian's pebble with a DNS server of its own, and what the transition to ACME has to
# show: the challenge by HTTP while the edge runs, a renewal, a failed renewal, and the certificate that the edge really shows.

# authority: starts it. Its own certificate is for authority.appliance.test.
authority() {
    guest sh -ec '
        [ -x /usr/bin/pebble ] || dpkg -i /srv/packages/pebble_*.deb >/dev/null
        mkdir -p /run/authority && cd /run/authority
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=authority \
            -addext subjectAltName=DNS:authority.appliance.test -keyout key.pem -out ca.pem 2>/dev/null
        echo "{\"pebble\": {\"listenAddress\": \"127.0.0.1:14000\", \"managementListenAddress\": \"127.0.0.1:15000\",
            \"certificate\": \"/run/authority/ca.pem\", \"privateKey\": \"/run/authority/key.pem\", \"httpPort\": 80, \"tlsPort\": 443,
            \"ocspResponderURL\": \"\", \"externalAccountBindingRequired\": false,
            \"certificateValidityPeriod\": 7776000}}" >pebble.json
        grep -q authority.appliance.test /etc/hosts || echo 127.0.0.1 authority.appliance.test >>/etc/hosts
        systemctl stop authority authority-names 2>/dev/null || true
        systemd-run --quiet --unit=authority-names pebble-challtestsrv -dns01 127.0.0.1:8053 -defaultIPv4 127.0.0.1 -defaultIPv6 "" \
            -http01 "" -https01 "" -tlsalpn01 "" -doh "" -management 127.0.0.1:8055
        systemd-run --quiet --unit=authority -E PEBBLE_VA_NOSLEEP=1 -E PEBBLE_WFE_NONCEREJECT=0 \
            pebble -config /run/authority/pebble.json -dnsserver 127.0.0.1:8053
        for _ in $(seq 60); do curl -sf --cacert ca.pem -o /dev/null https://authority.appliance.test:14000/dir && exit; sleep 0.5; done
        exit 1' || return
    guest cat /run/authority/ca.pem >"$results/authority.pem"
    edge_process=$(guest systemctl show -P MainPID nginx)
    # The controller resolves the domain, too; another name leads to an address of documentation (RFC 5737).
    grep -q elsewhere.appliance.test "$cache/controller/etc/hosts" 2>/dev/null \
        || printf '127.0.0.1 localhost gateway.appliance.test\n192.0.2.77 elsewhere.appliance.test\n' >"$cache/controller/etc/hosts"
}
# leads ADDRESS: where the authority's DNS says that every name leads.
leads() { guest curl -sSf -o /dev/null -d "{\"ip\":\"$1\"}" http://127.0.0.1:8055/set-default-ipv4; }
# shown: the serial number of the certificate that the edge shows.
shown() { guest sh -c 'openssl s_client -connect 127.0.0.1:443 -servername gateway.appliance.test </dev/null 2>/dev/null | openssl x509 -noout -serial'; }
# figured WHICH: when the certificate began, by the figures of the host.
figured() {
    guest systemctl start whatsapp-host-figures.service
    guest sed -n "s/^whatsapp_certificate_not_before_timestamp_seconds{certificate=\"$1\"} //p" /var/lib/prometheus/node-exporter/whatsapp.prom
}
# renewed: a renewal by the distribution's unit, which the timer starts. Every certificate counts as due.
renewed() {
    guest sh -c 'file=/etc/letsencrypt/renewal/gateway.appliance.test.conf
        grep -q ^renew_before_expiry $file || sed -i "1i renew_before_expiry = 2000 days" $file; systemctl start certbot.service'
}
failing() { [ "$(guest curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=count(ALERTS{alertname="UnitsFailed"})' | grep -c '"value"')" = 1 ]; }
# awaited COMMAND...: whether the command succeeds within a minute and a half.
awaited() {
    for _ in $(seq 90); do
        "$@" && return
        sleep 1
    done
    return 1
}
calm_again() { ! failing; }

# misled: a run for a name that does not lead here stops in its preflight, and says so.
misled() {
    local log=$results/misled.log
    ! play site.yml -e @/srv/scratch/transition.json -e edge_domain=elsewhere.appliance.test --tags edge >"$log" 2>&1 || return
    grep -m1 -A3 ERROR "$log"
    grep -q 'elsewhere.appliance.test leads to 192.0.2.77' "$log" && [ "$(changes "$log")" = 0 ]
}

# transition_1: what the machine with the authority's certificate has to show besides.
transition_1() {
    local before_it
    check "1: the edge ran on while the authority asked it" test "$(guest systemctl show -P MainPID nginx)" = "$edge_process"
    check "1: the figures have the certificate that is shown" test -n "$(figured served)"
    before_it=$(shown)
    check "1: a renewal" renewed
    check "1: the edge shows the renewed certificate" test "$(shown)" != "$before_it"
    check "1: it is the one in the file" test "$(figured served)" = "$(figured edge)"
    guest chmod 644 /etc/letsencrypt/renewal-hooks/deploy/whatsapp
    before_it=$(figured served)
    sleep 1
    check "1: a renewal that the edge does not take" renewed
    check "1: the figures tell the file from what is shown" test "$(figured edge)" -gt "$(figured served)"
    guest chmod 755 /etc/letsencrypt/renewal-hooks/deploy/whatsapp
    check "1: the address moves away" leads 192.0.2.77
    refuse "1: a renewal fails then" renewed
    guest systemctl start whatsapp-host-figures.service
    check "1: an alert tells of it" awaited failing
    check "1: the address comes back" leads 127.0.0.1
    check "1: the next renewal" renewed
    guest systemctl start whatsapp-host-figures.service
    check "1: the alert ends" awaited calm_again
    check "1: a name that leads elsewhere is refused" misled
}
