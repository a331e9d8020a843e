#!/bin/bash
# The commands the two guides print, on the installed machine, with what each must bring about. "instead" names those we
# replaced: what the guide's line would do wrong, and what does its work here.
# aa-enforce, ausearch and testssl have their places in kernel.sh and container.sh. `-y` where a person would be asked.
# Runs as root in the container after inside.sh, which has left failed logins in the logs.
set -u
cd /opt/whatsapp || exit 2
domain=gateway.appliance.test
# Commands are printed with sudo; root has no need of it, and the name is the installed one.
run=0
held=0

# does COMMAND RESULT: runs the printed command, then asks whether its promise holds.
does() {
    run=$((run + 1))
    if bash -o pipefail -c "$1" >/tmp/guide.out 2>&1 </dev/null && bash -c "$2" >>/tmp/guide.out 2>&1; then
        held=$((held + 1))
        echo "ok guide: $1"
    else echo "FAIL guide: $1: $(tail -2 /tmp/guide.out | tr '\n' ' ')"; fi
}
# instead COMMAND WHY RESULT: our way holds the promise.
instead() {
    run=$((run + 1))
    if bash -c "$3" >/tmp/guide.out 2>&1 </dev/null; then
        held=$((held + 1))
        echo "ok guide: $1 -- replaced: $2"
    else echo "FAIL guide: $1 -- replaced: $2: $(tail -2 /tmp/guide.out | tr '\n' ' ')"; fi
}

# Best practices: authentication
does 'openssl rand -base64 32' '[ "$(wc -c </tmp/guide.out)" -eq 45 ]'
does 'openssl rand -hex 32' '[ "$(wc -c </tmp/guide.out)" -eq 65 ]'
instead 'export APP_BASIC_AUTH=...' 'readable in /proc/PID/environ; an encrypted credential brings it' '[ -s /etc/credstore.encrypted/whatsapp.app-basic-auth ]'
instead './whatsapp rest -b "admin:$(openssl rand -base64 32)"' 'readable by ps; the service runs without it' '! tr "\0" " " </proc/$(systemctl show -P MainPID whatsapp)/cmdline | grep -q -- " -b "'
does 'sudo systemctl restart whatsapp' 'systemctl is-active whatsapp'
instead 'aws secretsmanager ...; vault kv get ...' 'no service needed: the host keeps the secrets, encrypted, and the unit alone is given them' 'systemctl cat whatsapp | grep -q ^LoadCredentialEncrypted=app-basic-auth:'
instead 'echo "$(date): Credentials rotated" >> /var/log/whatsapp/security.log' 'the log is chained; a stray line would count as tampering' '[ -w /var/log/whatsapp/security.log ]'

# HTTPS
instead 'sudo apt install certbot python3-certbot-nginx' 'the webroot plugin needs no second package; installed when the certificate is public' 'apt-get install -s certbot'
instead 'sudo certbot certonly --standalone -d ...' 'cannot bind port 80 beside nginx; --webroot' "curl -sS -o /dev/null -w '%{http_code}' -H 'Host: $domain' http://127.0.0.1/.well-known/acme-challenge/none | grep -qx 404"
instead 'sudo ln -s /etc/nginx/sites-available/whatsapp /etc/nginx/sites-enabled/' 'already done' '[ "$(readlink -f /etc/nginx/sites-enabled/whatsapp)" = /etc/nginx/sites-available/whatsapp ]'
does 'sudo nginx -t' 'systemctl is-active nginx'
does 'sudo systemctl reload nginx' 'systemctl is-active nginx'
instead 'brew install certbot' 'Debian has its own package' 'apt-get install -s certbot'
instead 'sudo crontab -e (renew daily at 2 AM)' 'the packages bring timers; a cron job would renew twice' 'systemctl is-enabled whatsapp-certificate.timer'
instead 'sudo systemctl reload caddy' 'nginx is the edge; edge_server: caddy installs the other' 'systemctl is-active nginx'
instead 'export APP_TRUSTED_PROXY=true' 'set for the service' 'grep -qx APP_TRUSTED_PROXY=true /etc/whatsapp/environment'

# Webhooks, database
instead 'export WHATSAPP_WEBHOOK_SECRET=...' 'an encrypted credential brings it' '[ -s /etc/credstore.encrypted/whatsapp.whatsapp-webhook-secret ]'
does 'chmod 600 storages/whatsapp.db' '[ "$(stat -c %a storages/whatsapp.db)" = 600 ]'
does 'chmod 700 storages/' '[ "$(stat -c %a storages)" = 700 ]'
does 'sudo chown whatsapp:whatsapp storages/' '[ "$(stat -c %U storages)" = whatsapp ]'
does 'sudo chown whatsapp:whatsapp storages/*.db' 'systemctl is-active whatsapp'
instead 'chmod 600 storages/chatstorage.db' 'there is one database, not two' '[ "$(find storages -name "*.db" | wc -l)" -eq 1 ]'
instead 'chmod 600 src/.env' 'there is no .env on the appliance' '! find / -xdev -name .env -path "*whatsapp*" | grep -q .'

# secure-backup.sh
instead 'BACKUP_DIR="/secure/backups/whatsapp"' 'a disk that is not mounted would be written beside; the directory must be there' 'grep -q "^WHATSAPP_BACKUP_DIRECTORY=/mnt/backup$" /etc/whatsapp/environment && [ -d /mnt/backup ]'
instead 'PGP_KEY="backup@yourcompany.com"' 'one key that may expire or be lost; files of keys, each of which opens every backup' 'ls /etc/whatsapp/backup/*.asc | grep -c . | grep -qx 2'
instead 'pg_dump -U whatsapp whatsapp | gzip | gpg --encrypt ...' 'a failed dump still ends as a file; the whole state in one file that is published after it was read back' 'systemctl start whatsapp-backup && cd /mnt/backup && sha256sum --check --quiet ./*.sha256'
instead 'chmod 400 "$BACKUP_DIR/whatsapp-$DATE.sql.gz.gpg"' 'readable by others until then; never readable by others' '[ -z "$(find /mnt/backup -perm /077)" ]'
instead 'aws s3 cp ... --storage-class GLACIER --server-side-encryption AES256' 'nobody asks whether it arrived; every backup is read back and compared, and the age of the newest one is watched' 'whatsapp backup verify --from /mnt/backup'
instead 'rm "$BACKUP_DIR/whatsapp-$DATE.sql.gz.gpg"' 'removes the only copy after a failed upload; retention never removes the newest good one' 'ls /mnt/backup/whatsapp-*.gpg'
instead '(the script is never restored)' 'a drill restores the newest backup every week' 'systemctl start whatsapp-backup-drill'

# Network
does 'sudo ufw default deny incoming' 'ufw status verbose | grep -q "deny (incoming)"'
does 'sudo ufw default allow outgoing' 'ufw status verbose | grep -q "allow (outgoing)"'
instead 'sudo ufw allow 22/tcp' 'sshd listens on 2222, and slowly' 'ufw status | grep -q "^2222/tcp *LIMIT"'
does 'sudo ufw allow 80/tcp' 'ufw status | grep -q "80.*ALLOW"'
does 'sudo ufw allow 443/tcp' 'ufw status | grep -q "443.*ALLOW"'
does 'sudo ufw deny 3000/tcp' 'ufw status | grep -q "3000/tcp *DENY"'
does 'sudo ufw deny 8088/tcp' 'ufw status | grep -q "8088/tcp *DENY"'
does 'sudo ufw enable' 'ufw status | grep -q "Status: active"'
does 'sudo ufw status verbose' 'systemctl is-enabled ufw'
# shellcheck disable=SC2086 # a rule is two words, which ufw takes as two arguments
for rule in 'allow 80/tcp' 'allow 443/tcp' 'deny 3000/tcp' 'deny 8088/tcp'; do ufw delete $rule >/dev/null; done
instead 'sudo iptables -F ...' 'flushes the rules that protect, leaves IPv6 open; one firewall, ufw, for both families' 'ip6tables -S INPUT | grep -q -- "-P INPUT DROP"'
instead 'sudo nano /etc/ssh/sshd_config' 'a drop-in, checked before it counts' 'sshd -T | grep -qx "passwordauthentication no"'
does 'sudo systemctl reload sshd' 'systemctl is-active ssh'

# System
instead 'sudo useradd -r -s /bin/false whatsapp' 'already done' 'id whatsapp'
does 'sudo mkdir -p /opt/whatsapp' '[ -d /opt/whatsapp ]'
instead 'sudo chown whatsapp:whatsapp /opt/whatsapp' 'the service would own its own program' '[ "$(stat -c %U /opt/whatsapp)" = root ]'
does 'sudo chmod 755 /opt/whatsapp' '[ "$(stat -c %a /opt/whatsapp)" = 755 ]'
does 'sudo chmod 700 /opt/whatsapp/storages' '[ "$(stat -c %a /opt/whatsapp/storages)" = 700 ]'
does 'sudo mkdir -p /var/log/whatsapp' '[ -d /var/log/whatsapp ]'
does 'sudo touch /var/log/whatsapp/security.log' '[ -f /var/log/whatsapp/security.log ]'
does 'sudo chown whatsapp:whatsapp /var/log/whatsapp/security.log' '[ "$(stat -c %U /var/log/whatsapp/security.log)" = whatsapp ]'
does 'sudo chmod 640 /var/log/whatsapp/security.log' '[ "$(stat -c %a /var/log/whatsapp/security.log)" = 640 ]'

# Monitoring
does "(timeout 2 sudo tail -f /var/log/nginx/whatsapp_access.log || true) | grep ' 401 '" 'test -s /tmp/guide.out'
does "sudo tail -n 1000 /var/log/nginx/whatsapp_access.log | grep ' 401 '" 'test -s /tmp/guide.out'
does "sudo grep ' 401 ' /var/log/nginx/whatsapp_access.log | wc -l" '[ "$(cat /tmp/guide.out)" -gt 0 ]'
does "sudo grep ' 401 ' /var/log/nginx/whatsapp_access.log | grep \"\$(date '+%d/%b/%Y:%H')\" | wc -l" '[ "$(cat /tmp/guide.out)" -gt 0 ]'
does "sudo grep ' 401 ' /var/log/nginx/whatsapp_access.log | tail -n 100" 'test -s /tmp/guide.out'
instead '0 * * * * /opt/whatsapp/security-monitor.sh' 'root would run a file the service owns, an hour late; an alert rule' '[ ! -e /opt/whatsapp/security-monitor.sh ]'
does 'sudo apt install -y auditd' 'command -v auditctl'
instead 'sudo auditctl -w /opt/whatsapp/storages/ -p wa -k whatsapp_db' 'gone at the next boot; a rule file, which sees reading too' 'grep -q "dir=/opt/whatsapp/storages .*key=whatsapp_db" /etc/audit/audit.rules'
instead 'sudo auditctl -w /opt/whatsapp/.env -p wa -k whatsapp_config' 'gone at the next boot; a rule file' 'grep -q "path=/opt/whatsapp/.env .*key=whatsapp_config" /etc/audit/audit.rules'

# Testing
does "curl -sI --cacert /etc/ssl/whatsapp/ca.pem --resolve $domain:443:127.0.0.1 https://$domain" 'grep -qi strict-transport-security /tmp/guide.out'
instead 'ab -n 1000 -c 10 https://.../send/message' 'sends GET without a password, so it would measure refusals; a burst of requests meets 429' "curl -s -o /dev/null --cacert /etc/ssl/whatsapp/ca.pem --resolve $domain:443:127.0.0.1 --interface 127.0.0.9 --parallel --parallel-immediate --parallel-max 60 -w '%{http_code}\n' 'https://$domain/livez?[1-60]' | grep -qx 429"
does 'apt-get -qq install -y nmap && nmap -sT -sV -p 443,3000 127.0.0.1' 'grep -qE "443/tcp +open" /tmp/guide.out'

# Incident
instead 'sudo iptables -P INPUT DROP' 'with rules in place it changes nothing, without it cuts ssh' 'iptables -S INPUT | grep -q -- "-P INPUT DROP"'
does 'sudo systemctl stop whatsapp' '! systemctl is-active whatsapp'
does 'sudo tar czf /tmp/incident-$(date +%Y%m%d).tar.gz /opt/whatsapp/storages/ /var/log/whatsapp/ /var/log/nginx/' 'tar tzf /tmp/incident-*.tar.gz | grep -q storages/whatsapp.db'
does 'sudo tail -n 1000 /var/log/nginx/whatsapp_access.log' 'test -s /tmp/guide.out'
rm -f /tmp/incident-*.tar.gz
systemctl start whatsapp

# Checklist
does 'sudo apt install -y fail2ban' 'command -v fail2ban-client'
does 'sudo systemctl enable fail2ban' 'systemctl is-enabled fail2ban'
does 'sudo apt install -y unattended-upgrades' 'command -v unattended-upgrade'
instead 'sudo dpkg-reconfigure -plow unattended-upgrades' 'asks questions; the answer is a file' "apt-config dump | grep -q 'Unattended-Upgrade \"1\"'"
does 'sudo apt install -y logwatch' 'command -v logwatch'
does 'sudo apt install -y gpg' 'command -v gpg'
instead 'sudo certbot --nginx -d yourdomain.com' 'certbot would rewrite the site; --webroot leaves it alone' '[ -L /etc/nginx/whatsapp-tls ]'
does 'sudo systemctl stop responder.service' '! systemctl is-active responder'
systemctl start responder
does 'sudo journalctl -u responder.service -n 100' 'grep -q responder /tmp/guide.out'
does 'sudo netstat -tlnp' 'grep -q ":443 .*LISTEN" /tmp/guide.out'
instead 'Change API token in .env' 'the token is a credential; another one is stored by the playbook' '[ -s /etc/credstore.encrypted/responder.send-token ]'

echo "figure guide_commands_run $run"
echo "figure guide_commands_ok $held"
