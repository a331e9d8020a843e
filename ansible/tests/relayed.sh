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
# An impostor with another authority's certificate gets no password.
sed 's,^tls_trust_file.*,tls_trust_file /etc/ssl/certs/ca-certificates.crt,' /etc/msmtprc >/root/impostor
chmod 600 /root/impostor
refuse "a server of another authority gets nothing" msmtp --file=/root/impostor operations@appliance.test </dev/null
rm /root/impostor
