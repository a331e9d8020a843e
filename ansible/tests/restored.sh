#!/bin/bash
# Runs on the restored machine as root: it serves, its account is held until somebody confirms, and its security log goes on.
set -u
. "$(dirname "$0")/report.sh"

# The runbook's function.
whatsapp() {
    (cd /opt/whatsapp && runuser -u whatsapp -- env APP_STORAGE_DIR=/opt/whatsapp/storages \
        APP_SECURITY_LOG=/var/log/whatsapp/security.log /usr/bin/whatsapp "$@")
}
check "the restored gateway serves" curl -sS --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:3000/livez
check "its accounts are held" test "$(rows device_hold)" -ge 1
check "the settings of the lost machine are at hand" test -s /opt/whatsapp/storages/restored.env
equal "they are the gateway's alone" "600 whatsapp" "$(stat -c '%a %U' /opt/whatsapp/storages/restored.env)"
check "the security log goes on where the backup ends" whatsapp audit verify --log /var/log/whatsapp/security.log \
    --seed /opt/whatsapp/storages/audit/audit.seed --key /opt/whatsapp/storages/audit/audit.pub
check "a backup of the restored machine was made" sh -c 'ls /var/lib/whatsapp-backup/whatsapp_backup_*.prom'
check "somebody confirms" whatsapp restore confirm
equal "then no account is held" 0 "$(rows device_hold)"
refuse "and the lost machine's settings are gone" test -e /opt/whatsapp/storages/restored.env
