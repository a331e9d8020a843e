#!/bin/bash
# Runs on the converged machine as root, after container.sh has set mail_relay: root's mail and alerts go to a server that wants TLS and a
# password. Reports like inside.sh.
set -u
. "$(dirname "$0")/report.sh"

# arrived KIND WORDS: whether the relay took something with these words.
arrived() {
    for _ in $(seq 40); do
        grep -lq "$2" /tmp/relay/"$1"/* 2>/dev/null && return
        sleep 1
    done
    return 1
}

# The server of the test is as strict as it has to be for the rest to mean something.
check "the relay takes nothing without TLS and a password" python3 -c '
import smtplib, ssl
server = smtplib.SMTP("127.0.0.1", 2587)
assert server.docmd("MAIL FROM:<a@b.test>")[0] == 530
server.ehlo()
assert not server.has_extn("auth")
context = ssl.create_default_context(cafile="/tmp/relay/ca.pem")
context.check_hostname = False
server.starttls(context=context)
server.ehlo()
assert server.docmd("MAIL FROM:<a@b.test>")[0] == 530
try:
    server.login("relay", "wrong")
except smtplib.SMTPAuthenticationError:
    pass
else:
    raise AssertionError("a wrong password")'
check "the playbook ends with a first mail" arrived relay "^Subject: Mail of $domain arrives"
printf 'Subject: by hand\n\nroot writes to root\n' | sendmail root
check "root's mail arrives" arrived relay '^Subject: by hand'
check "at the operator's address" arrived recipient 'operations@appliance.test'
printf 'Subject: for somebody else\n\nx\n' | sendmail nobody
check "so does that of other accounts" arrived relay '^Subject: for somebody else'
equal "only root reads the password" "600 root" "$(stat -c '%a %U' /etc/msmtprc)"
equal "and Alertmanager" "640 root prometheus" "$(stat -c '%a %U %G' /etc/prometheus/smtp-password)"
refuse "nobody else does" setpriv --reuid=nobody --clear-groups grep -rsq appliance-test-relay-password /etc
refuse "no mail server listens" sh -c 'ss -Htln | awk "{print \$4}" | grep ":25$"'
check "an alert is mailed by the same server" amtool --alertmanager.url=http://127.0.0.1:9093 alert add alertname=RelayTried severity=critical
check "and arrives" arrived relay RelayTried
# The reports of the checklist, because check_mail_to is set, too.
equal "a timer mails its report" "whatsapp-check-mail@weekly.service" "$(systemctl show -P Triggers whatsapp-check-weekly.timer)"
check "a report is made and mailed" systemctl start whatsapp-check-mail@weekly
check "and arrives" arrived relay '^Subject: Checklist of gateway.appliance.test, weekly: '
check "at the address of check_mail_to" arrived recipient 'audit@appliance.test'
check "with what a person has to do" arrived relay 'whatsapp attest B-WEEK-1 --by NAME --until DATE'
refuse "no secret is in a mail" grep -rqE 'appliance-test-password|appliance-test-relay-password' /tmp/relay/relay
# An impostor with another authority's certificate gets no password.
sed 's,^tls_trust_file.*,tls_trust_file /etc/ssl/certs/ca-certificates.crt,' /etc/msmtprc >/root/impostor
chmod 600 /root/impostor
refuse "a server of another authority gets nothing" msmtp --file=/root/impostor operations@appliance.test </dev/null
rm /root/impostor
# A relay that is away costs the mail and not the report. It is the last one here, because the relay does not come back.
systemctl stop test-relay
kept=$(find /var/lib/whatsapp-check/reports -name 'weekly-*.json' | wc -l)
refuse "a mail that the relay does not take fails its unit" systemctl start whatsapp-check-mail@weekly
check "the journal says so" sh -c "journalctl -u whatsapp-check-mail@weekly -n 20 | grep -q 'The report was not mailed: '"
equal "the report is kept" $((kept + 1)) "$(find /var/lib/whatsapp-check/reports -name 'weekly-*.json' | wc -l)"
systemctl start whatsapp-host-figures.service
refuse "the alert for failed units gets its figure" grep -q '^whatsapp_units_failed 0$' /var/lib/prometheus/node-exporter/whatsapp.prom
systemctl reset-failed whatsapp-check-mail@weekly
